package dev.ganglion.event;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.projection.ProjectionSlice.StoredBatch;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.run.TaskEvents;
import dev.ganglion.projection.run.TextPool;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Creates events for the tests of projections. */
public final class Events {
    /** Time when the brain stored all batches, unless a test states another. */
    public static final Instant RECEIVED = Instant.parse("2026-03-01T12:00:00Z");

    private Events() {}

    /** Creates an event of a task that happened {@code millisBefore} milliseconds before {@link #RECEIVED}. */
    public static JsonObject event(String taskId, String kind, long millisBefore) {
        return new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("engine", "celery")
                .put("task_id", taskId)
                .put("kind", kind)
                .put("occurred_at", RECEIVED.minusMillis(millisBefore).toString())
                .put("data", new JsonObject());
    }

    /** Adds a member to an event's data. */
    @CanIgnoreReturnValue
    public static JsonObject with(JsonObject event, String key, Object value) {
        event.getJsonObject("data").put(key, value);
        return event;
    }

    /** The event as projections read it. */
    public static TaskEvent projected(JsonObject event) {
        Json array = Json.parse(new JsonArray().add(event).encode());
        TaskEvents.Source source = new TaskEvents.Source(0, "1-0", RECEIVED.toEpochMilli(), "agent", "agent");
        return Objects.requireNonNull(new TaskEvents(array, source, new TextPool()).next());
    }

    /** A batch as the stream stores it. */
    public static StoredBatch batch(String entry, JsonObject... events) {
        return batch(entry, List.of(events));
    }

    /** A batch as the stream stores it. */
    public static StoredBatch batch(String entry, List<JsonObject> events) {
        Json array = Json.parse(new JsonArray(new ArrayList<>(events)).encode());
        return new StoredBatch(
                entry, "agent", "agent", RECEIVED.toEpochMilli(), 1, Long.parseLong(entry.replace("-0", "")), array);
    }
}
