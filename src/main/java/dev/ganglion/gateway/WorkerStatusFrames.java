package dev.ganglion.gateway;

import dev.ganglion.bus.WorkerChange;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.frame.FrameIds;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonObject;

/** Creates the frames that notify an agent when its workers join or leave. */
final class WorkerStatusFrames {
    private WorkerStatusFrames() {}

    static AgentStatus of(WorkerChange change) {
        JsonObject payload = new JsonObject()
                .put("event", change.joined() ? "worker_joined" : "worker_left")
                .put(
                        "worker_id",
                        change.session().workerId().isEmpty()
                                ? null
                                : change.session().workerId())
                .put("worker_role", change.workerRole())
                .put("node", change.session().nodeId())
                .put("connections", change.connections());
        return new AgentStatus(FrameIds.next(), Json.parse(payload.encode()));
    }
}
