package dev.ganglion.event;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A queue of an engine: its depth as the latest report has it, be it an event or a heartbeat. Not safe for threads. */
public final class EngineQueue {
    private static final long MICROS_PER_MILLI = 1_000;

    private final RecentIds recent;
    private long depth = -1;
    private long at;
    private @Nullable String agent;

    private EngineQueue(RecentIds recent) {
        this.recent = recent;
    }

    /** Reads one back; null for one that nothing is known of. */
    public static EngineQueue decode(@Nullable String text) {
        if (text == null) {
            return new EngineQueue(new RecentIds());
        }
        JsonObject json = new JsonObject(text);
        EngineQueue queue = new EngineQueue(RecentIds.of(json.getJsonArray("e")));
        queue.depth = json.getLong("depth");
        queue.at = json.getLong("at");
        queue.agent = json.getString("agent");
        return queue;
    }

    /** As it is kept. */
    public String encode() {
        return new JsonObject()
                .put("depth", depth)
                .put("at", at)
                .put("agent", agent)
                .put("e", recent.json())
                .encode();
    }

    /** Has a {@code queue.depth_report} take effect; false when it did before. */
    boolean apply(ProjectedEvent event, long reported) {
        if (!recent.add(event.id())) {
            return false;
        }
        set(reported, event.micros() / MICROS_PER_MILLI, event.agentId());
        return true;
    }

    /** What a heartbeat told of it. */
    @CanIgnoreReturnValue
    public EngineQueue told(EngineReport report) {
        if (report.value() instanceof Number number) {
            set(number.longValue(), report.atMs(), report.agentId());
        }
        return this;
    }

    /** What another shard knows of the same queue. */
    @CanIgnoreReturnValue
    public EngineQueue merge(EngineQueue other) {
        set(other.depth, other.at, other.agent);
        return this;
    }

    /** A task named it: it is known from then on. */
    void named(ProjectedEvent event) {
        set(-1, event.micros() / MICROS_PER_MILLI, event.agentId());
    }

    /** At the same time the larger depth stands, whatever came first; any stands before none. */
    private void set(long reported, long reportedAt, @Nullable String by) {
        boolean later = reportedAt > at || (reportedAt == at && reported > depth);
        if (reported < 0 ? at == 0 : depth < 0 || later) {
            depth = reported;
            at = reportedAt;
            agent = by;
        }
    }

    /** When it was last reported; while nobody did, when a task named it first. */
    public long reportedAt() {
        return at;
    }

    /** How many messages wait in it; -1 when nobody said. */
    public long depth() {
        return depth;
    }

    /** As REST shows it. */
    public JsonObject view(Subject subject) {
        return new JsonObject()
                .put("engine", subject.engine())
                .put("name", subject.name())
                .put("depth", depth < 0 ? null : Long.valueOf(depth))
                .put("reported_at", depth < 0 ? null : Instant.ofEpochMilli(at).toString())
                .put("agent_id", agent);
    }
}
