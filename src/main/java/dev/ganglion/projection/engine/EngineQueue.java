package dev.ganglion.projection.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A queue of an engine with its depth from the latest report, which may be an event or a heartbeat. Not thread-safe.
 */
public final class EngineQueue {
    /** An older depth is not exported as a metric, because its reporter may have ended. */
    public static final Duration DEPTH_AGE = Duration.ofMinutes(5);

    /** Shortest time between two records of tasks that name the queue. Limits the writes to the store. */
    static final Duration NAMED_INTERVAL = Duration.ofMinutes(1);

    private static final long MICROS_PER_MILLI = 1_000;

    private final RecentIds recent;
    private long depth = -1;
    private long at;
    /** Time by the brain's clock at which the last depth report arrived. */
    private long heard;
    /** Time by the brain's clock at which a task last named the queue, to within {@link #NAMED_INTERVAL}. */
    private long named;

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
        queue.named = json.getLong("named", 0L);
        queue.heard = json.getLong("heard", queue.at); // records of version 0.1 lack this time
        queue.agent = json.getString("agent");
        return queue;
    }

    /** Encodes the queue as JSON for the store. */
    public String encode() {
        return new JsonObject()
                .put("depth", depth)
                .put("at", at)
                .put("heard", heard)
                .put("named", named)
                .put("agent", agent)
                .put("e", recent.json())
                .encode();
    }

    /** Applies a {@code queue.depth_report} event. Returns false if the event was applied before. */
    public boolean apply(TaskEvent event, long reported) {
        if (!recent.add(event.id())) {
            return false;
        }
        heard = Math.max(heard, event.receivedMs());
        set(reported, event.micros() / MICROS_PER_MILLI, event.agentId());
        return true;
    }

    /** Applies a heartbeat's report. */
    @CanIgnoreReturnValue
    public EngineQueue report(EngineReport report) {
        if (report.value() instanceof Number number) {
            heard = Math.max(heard, report.atMs());
            set(number.longValue(), report.atMs(), report.agentId());
        }
        return this;
    }

    /**
     * Records that a task names this queue, so that the queue is listed even if its depth is unknown. Returns false if
     * the queue was heard of within {@link #NAMED_INTERVAL}; then nothing changes.
     */
    @CanIgnoreReturnValue
    public boolean addNamedByTask(TaskEvent event) {
        long received = event.receivedMs();
        if (received - named < NAMED_INTERVAL.toMillis()) {
            return false;
        }
        named = received;
        set(-1, event.micros() / MICROS_PER_MILLI, event.agentId());
        return true;
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

    /** Time by the brain's clock at which a report or a task last named the queue, in milliseconds since 1970. */
    public long lastNamedAt() {
        return Math.max(heard, named);
    }

    /**
     * Whether the depth is known and was reported within {@link #DEPTH_AGE}.
     *
     * @param nowMs the brain's time, in milliseconds since 1970
     */
    public boolean hasCurrentDepth(long nowMs) {
        return depth >= 0 && nowMs - heard < DEPTH_AGE.toMillis();
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
