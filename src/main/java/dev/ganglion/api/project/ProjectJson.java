package dev.ganglion.api.project;

import dev.ganglion.api.request.RestTimes;
import dev.ganglion.auth.Agent;
import dev.ganglion.auth.Project;
import dev.ganglion.journal.Presence;
import dev.ganglion.journal.SessionHealth;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.event.EngineWorkerName;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.json.CutText;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Serializes projects, agents and workers for REST. */
final class ProjectJson {
    private static final Set<String> ROLES = Set.of("web", "task", "scheduler", "beat", "other");

    private ProjectJson() {}

    static JsonObject project(Project project) {
        JsonObject view = new JsonObject()
                .put("id", project.id())
                .put("slug", project.slug())
                .put("name", project.name())
                .put("connection_cap", project.connectionCap())
                .put("created_at", RestTimes.text(project.createdAt()));
        return project.shards() == 1 ? view : view.put("shards", project.shards());
    }

    static JsonObject agent(Agent agent) {
        Agent.About about = agent.about();
        Agent.Connectivity connectivity = agent.connectivity();
        return new JsonObject()
                .put("id", agent.id())
                .put("project_id", agent.projectId())
                .put("name", agent.name())
                .put("state", connectivity.state())
                .put("connections", connectivity.connections())
                .put("connection_cap", agent.connectionCap())
                .put("protocol_version", about == null ? null : about.protocolVersion())
                .put("framework_adapter", about == null ? null : about.framework())
                .put("framework_adapters", about == null ? new JsonArray() : new JsonArray(about.frameworks()))
                .put("engine_adapters", StoredJson.engines(agent))
                .put("scheduler_adapters", about == null ? new JsonArray() : StoredJson.array(about.schedulers()))
                .put("capabilities", about == null ? new JsonObject() : StoredJson.object(about.capabilities()))
                .put("host_name", about == null ? null : hostName(about.host()))
                .put("agent_version", about == null ? null : about.agentVersion())
                .put("last_seen_at", RestTimes.text(connectivity.lastSeenAt()))
                .put("last_connect_at", RestTimes.text(connectivity.lastConnectAt()))
                .put("created_at", RestTimes.text(agent.createdAt()));
    }

    static JsonObject worker(Presence.Worker worker) {
        return new JsonObject()
                .put("worker_id", worker.workerId().isEmpty() ? null : worker.workerId())
                .put("role", role(worker.process().role()))
                .put("pid", worker.process().pid())
                .put("framework", worker.process().framework())
                .put("host_name", worker.process().host())
                .put(
                        "engine_adapters",
                        new JsonArray(worker.process().features().engines()))
                .put(
                        "scheduler_adapters",
                        new JsonArray(worker.process().features().schedulers()))
                .put("capabilities", capabilities(worker.process().features()))
                .put(
                        "runtime_features",
                        new JsonArray(worker.process().features().runtimeFeatures()))
                .put("reported_workers", reported(worker.process().reportedWorkers()))
                .put("health", health(worker.process().health()))
                .put("started_at", RestTimes.text(worker.process().startedAt()))
                .put("node", worker.node())
                .put("session_id", worker.sessionId())
                .put("connected_at", RestTimes.text(worker.connectedAt()))
                .put("last_seen_at", RestTimes.text(worker.lastSeenAt()))
                .put("remote_address", worker.remoteAddress())
                .put("transport", worker.longPoll() ? "long_poll" : "websocket");
    }

    private static JsonObject capabilities(Hello.Features features) {
        JsonObject capabilities = new JsonObject();
        features.capabilities().forEach((engine, actions) -> capabilities.put(engine, new JsonArray(actions)));
        return capabilities;
    }

    private static @Nullable JsonObject health(@Nullable SessionHealth health) {
        if (health == null) {
            return null;
        }
        JsonArray brokers = new JsonArray();
        health.brokers()
                .forEach(broker -> brokers.add(new JsonObject()
                        .put("engine", broker.engine())
                        .put("connected", broker.connected())
                        .put("error", broker.error())));
        return new JsonObject()
                .put("buffer_size", health.bufferSize())
                .put("dropped_events", health.droppedEvents())
                .put("last_flush_at", health.lastFlushAt())
                .put("broker_connected", health.brokerConnected())
                .put("broker_error", health.brokerError())
                .put("brokers", brokers);
    }

    private static JsonArray reported(List<EngineWorkerName> workers) {
        JsonArray reported = new JsonArray();
        workers.forEach(worker ->
                reported.add(new JsonObject().put("engine", worker.engine()).put("name", worker.name())));
        return reported;
    }

    /**
     * Maps a worker role to one of the documented roles. Agents may send any role; unknown ones are shown as {@code
     * other}.
     */
    private static @Nullable String role(@Nullable String role) {
        return role == null || ROLES.contains(role) ? role : "other";
    }

    /**
     * Returns the host name of an agent. Released agents send it as {@code hostname}, others as {@code name} or {@code
     * host}.
     */
    private static @Nullable String hostName(Json host) {
        for (String key : List.of("hostname", "name", "host")) {
            String name = host.textOf(key);
            if (name != null) {
                return CutText.cut(name, ProtocolLimits.MAX_HOST_NAME);
            }
        }
        return null;
    }
}
