package dev.ganglion.agent;

import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * An event of a task.
 *
 * @param kind kind of event, such as {@code task.started}
 * @param data details that the brain's projections read: {@code task_name}, {@code queue}, {@code worker}, {@code
 *     runtime}, …
 */
public record AgentEvent(UUID id, String engine, String taskId, String kind, Instant occurredAt, JsonObject data) {
    /** Returns the event in its wire format. */
    public Json toJson() {
        JsonObject event = new JsonObject()
                .put("id", id.toString())
                .put("engine", engine)
                .put("task_id", taskId)
                .put("kind", kind)
                .put("occurred_at", occurredAt.toString())
                .put("data", data);
        return Json.parse(event.encode().getBytes(StandardCharsets.UTF_8));
    }
}
