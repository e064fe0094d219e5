package dev.ganglion.agent;

import dev.ganglion.protocol.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * One event of a task.
 *
 * @param kind such as {@code task.started}
 * @param data what the brain's projections read: {@code task_name}, {@code queue}, {@code worker}, {@code runtime}, …
 */
public record AgentEvent(UUID id, String engine, String taskId, String kind, Instant occurredAt, JsonObject data) {
    /** The event as it travels. */
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
