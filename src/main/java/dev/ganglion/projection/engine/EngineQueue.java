package dev.ganglion.projection.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.projection.task.ProjectedEvent;
import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A queue of an engine with its depth from the latest report, which may be an event or a heartbeat. Not thread-safe.
 */
public final class EngineQueue {
    private static final long MICROS_PER_MILLI = 1_000;

    private final RecentIds recent;
    private long depth = -1;
    private long at;
    private @Nullable String agent;

    private EngineQueue(RecentIds recent) {
        this.recent = recent;
    }

    /** Decodes a stored queue; null creates a queue without any report. */
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

    /** Encodes the queue as JSON for the store. */
    public String encode() {
        return new JsonObject()
                .put("depth", depth)
                .put("at", at)
                .put("agent", agent)
                .put("e", recent.json())
                .encode();
    }

    /** Applies a {@code queue.depth_report} event. Returns false if the event was applied before. */
    public boolean apply(ProjectedEvent event, long reported) {
        if (!recent.add(event.id())) {
            return false;
        }
        set(reported, event.time().micros() / MICROS_PER_MILLI, event.agentId());
        return true;
    }

    /** Applies a heartbeat's report. */
    @CanIgnoreReturnValue
    public EngineQueue report(EngineReport report) {
        if (report.value() instanceof Number number) {
            set(number.longValue(), report.atMs(), report.agentId());
        }
        return this;
    }

    /** Merges the record that another shard has of the same queue. */
    @CanIgnoreReturnValue
    public EngineQueue merge(EngineQueue other) {
        set(other.depth, other.at, other.agent);
        return this;
    }

    /** Records that a task names this queue, so that the queue is listed even if its depth is unknown. */
    public void addNamedByTask(ProjectedEvent event) {
        set(-1, event.time().micros() / MICROS_PER_MILLI, event.agentId());
    }

    /**
     * Accepts a report that is later than the current one. Of two reports of the same time, the larger depth wins, so
     * the order of arrival does not matter. A known depth is never replaced by an unknown one.
     */
    private void set(long reported, long reportedAt, @Nullable String by) {
        boolean later = reportedAt > at || (reportedAt == at && reported > depth);
        if (reported < 0 ? at == 0 : depth < 0 || later) {
            depth = reported;
            at = reportedAt;
            agent = by;
        }
    }

    /**
     * Time of the last depth report; without any, the time at which a task first named the queue. In milliseconds since
     * 1970.
     */
    public long reportedAt() {
        return at;
    }

    /** Number of messages in the queue; -1 if unknown. */
    public long depth() {
        return depth;
    }

    /** The queue as REST returns it. */
    public JsonObject view(SubjectKey subject) {
        return new JsonObject()
                .put("engine", subject.engine())
                .put("name", subject.name())
                .put("depth", depth < 0 ? null : Long.valueOf(depth))
                .put("reported_at", depth < 0 ? null : Instant.ofEpochMilli(at).toString())
                .put("agent_id", agent);
    }
}
