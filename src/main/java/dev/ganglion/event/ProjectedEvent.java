package dev.ganglion.event;

import dev.ganglion.protocol.EventKinds;
import dev.ganglion.protocol.EventReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stored event as projections read it.
 *
 * @param id the event's UUID
 * @param agentId who reported it
 * @param engine its engine
 * @param taskId its task, if it is about one
 * @param kind a listed kind, or {@code unknown}
 * @param micros when it happened, in µs since 1970: what the agent said, within {@link #MAX_AHEAD} after and
 *     {@link #MAX_AGE} before it was stored
 * @param second when it happened, in seconds, as the agent said
 * @param clamped whether the agent said otherwise
 * @param receivedMs when it was stored, by the store's clock
 * @param data whatever else the agent said
 */
public record ProjectedEvent(
        String id,
        String agentId,
        String engine,
        @Nullable String taskId,
        String kind,
        long micros,
        long second,
        boolean clamped,
        long receivedMs,
        JsonObject data) {
    /** An event further ahead counts as of now: a clock that is wrong must not outdo all that comes after. */
    public static final Duration MAX_AHEAD = Duration.ofSeconds(60);
    /** An event that is older counts as of so long ago. */
    public static final Duration MAX_AGE = Duration.ofDays(400);

    private static final long MICROS_PER_MILLI = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    /** The event that a reader is at. */
    static ProjectedEvent of(EventReader event, String agentId, long receivedMs) {
        Instant said = event.occurredInstant();
        long micros = said.getEpochSecond() * MICROS_PER_SECOND + said.getNano() / MICROS_PER_MILLI;
        long held = clamp(micros, receivedMs);
        String taskId = event.taskId();
        return new ProjectedEvent(
                event.id(),
                agentId,
                event.engine(),
                taskId == null || taskId.isEmpty() ? null : taskId, // released agents say "" for none
                EventKinds.listed(event.kind()),
                held,
                said.getEpochSecond(),
                held != micros,
                receivedMs,
                data(event));
    }

    private static long clamp(long micros, long receivedMs) {
        long received = receivedMs * MICROS_PER_MILLI;
        if (micros > received + MAX_AHEAD.toMillis() * MICROS_PER_MILLI) {
            return received;
        }
        return Math.max(micros, received - MAX_AGE.toMillis() * MICROS_PER_MILLI);
    }

    /** What no JSON library reads, such as an integer of thousands of digits, is kept in the event and not read. */
    private static JsonObject data(EventReader event) {
        try {
            return new JsonObject(Buffer.buffer(event.data().utf8()));
        } catch (DecodeException e) {
            return new JsonObject();
        }
    }

    /** A text of the data that has something in it. */
    @Nullable
    String text(String... keys) {
        for (String key : keys) {
            if (data.getValue(key) instanceof String text && !text.isEmpty()) {
                return text;
            }
        }
        return null;
    }

    /** Which of an engine's workers it is about. */
    @Nullable
    String worker() {
        return text("worker", "hostname");
    }
}
