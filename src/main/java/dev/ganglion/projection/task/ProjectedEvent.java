package dev.ganglion.projection.task;

import dev.ganglion.protocol.event.EventKinds;
import dev.ganglion.protocol.event.EventReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored event as projections read it.
 *
 * @param id UUID of the event
 * @param agentId agent that reported it
 * @param engine name of its engine
 * @param taskId id of its task; null if it concerns no task
 * @param kind a known kind, or {@code unknown}
 * @param time when it happened and when it was stored
 * @param data all other data of the event
 */
public record ProjectedEvent(
        String id,
        String agentId,
        String engine,
        @Nullable String taskId,
        String kind,
        EventTime time,
        JsonObject data) {
    /**
     * The time of an event.
     *
     * @param micros time when it happened, in microseconds since 1970, as the agent reported it. Limited to at most
     *     {@link #MAX_AHEAD} after and {@link #MAX_AGE} before the time when it was stored
     * @param second time when it happened, in seconds since 1970, exactly as the agent reported it
     * @param clamped whether the agent reported a time outside these limits
     * @param receivedMs time when it was stored, in milliseconds since 1970 by the store's clock
     */
    public record EventTime(long micros, long second, boolean clamped, long receivedMs) {
        private static EventTime of(Instant occurred, long receivedMs) {
            long micros = occurred.getEpochSecond() * MICROS_PER_SECOND + occurred.getNano() / MICROS_PER_MILLI;
            long limited = clamp(micros, receivedMs);
            return new EventTime(limited, occurred.getEpochSecond(), limited != micros, receivedMs);
        }

        private static long clamp(long micros, long receivedMs) {
            long received = receivedMs * MICROS_PER_MILLI;
            if (micros > received + MAX_AHEAD.toMillis() * MICROS_PER_MILLI) {
                return received;
            }
            return Math.max(micros, received - MAX_AGE.toMillis() * MICROS_PER_MILLI);
        }
    }

    /**
     * An event further in the future gets the time when it was stored. Otherwise an agent with a wrong clock would
     * override all later events.
     */
    public static final Duration MAX_AHEAD = Duration.ofSeconds(60);
    /** An older event gets this age. */
    public static final Duration MAX_AGE = Duration.ofDays(400);

    private static final long MICROS_PER_MILLI = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    /** The event at the reader's position. */
    public static ProjectedEvent of(EventReader event, String agentId, long receivedMs) {
        String taskId = event.taskId();
        return new ProjectedEvent(
                event.id(),
                agentId,
                event.engine(),
                taskId == null || taskId.isEmpty() ? null : taskId, // released agents send "" for no task
                EventKinds.listed(event.kind()),
                EventTime.of(event.occurredInstant(), receivedMs),
                data(event));
    }

    /**
     * The event's data. Data that no JSON library can parse, such as an integer of thousands of digits, stays stored in
     * the event but is ignored here.
     */
    private static JsonObject data(EventReader event) {
        try {
            return new JsonObject(Buffer.buffer(event.data().utf8()));
        } catch (DecodeException e) {
            return new JsonObject();
        }
    }

    /** The first of these members that is a non-empty text. */
    public @Nullable String text(String... keys) {
        for (String key : keys) {
            if (data.getValue(key) instanceof String text && !text.isEmpty()) {
                return text;
            }
        }
        return null;
    }

    /** The name of the engine worker that the event concerns. */
    public @Nullable String worker() {
        return text("worker", "hostname", "worker_name");
    }
}
