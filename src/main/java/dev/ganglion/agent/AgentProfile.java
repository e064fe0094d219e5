package dev.ganglion.agent;

import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The description of an agent in its hello.
 *
 * @param hostName host name for display; null for none
 * @param workerId worker id of the agent's slot; a second connection with the same id replaces the first. Null selects
 *     the agent's unnamed slot.
 * @param capabilities supported actions by engine
 */
public record AgentProfile(
        String framework,
        @Nullable String hostName,
        @Nullable String workerId,
        @Nullable String workerRole,
        List<String> engines,
        List<String> schedulers,
        Map<String, List<String>> capabilities) {
    /** The engine of simulated agents. */
    public static final String SIMULATED_ENGINE = "celery";

    /** Every action that a command may request. */
    public static final List<String> ALL_ACTIONS = List.of(
            "retry_task",
            "cancel_task",
            "bulk_retry",
            "purge_queue",
            "restart_worker",
            "pool_grow",
            "pool_shrink",
            "add_consumer",
            "cancel_consumer",
            "rate_limit");

    public AgentProfile {
        engines = List.copyOf(engines);
        schedulers = List.copyOf(schedulers);
        capabilities = Map.copyOf(capabilities);
    }

    /** Creates the profile of a task worker with the given id and one engine that supports every action. */
    public static AgentProfile simulated(@Nullable String workerId) {
        List<String> engines = List.of(SIMULATED_ENGINE);
        return new AgentProfile(
                "ganglion",
                null,
                workerId,
                workerId == null ? null : "task",
                engines,
                List.of(),
                Map.of(SIMULATED_ENGINE, ALL_ACTIONS));
    }

    public AgentProfile withWorkerId(@Nullable String id) {
        return new AgentProfile(framework, hostName, id, workerRole, engines, schedulers, capabilities);
    }

    public AgentProfile withWorkerRole(@Nullable String role) {
        return new AgentProfile(framework, hostName, workerId, role, engines, schedulers, capabilities);
    }

    public AgentProfile withHostName(@Nullable String name) {
        return new AgentProfile(framework, name, workerId, workerRole, engines, schedulers, capabilities);
    }

    Hello hello(String frameId, Instant startedAt) {
        JsonObject host = hostName == null ? new JsonObject() : new JsonObject().put("name", hostName);
        boolean worker = workerId != null;
        return new Hello(
                frameId,
                "2",
                AgentVersion.CURRENT,
                framework,
                new Hello.Features(engines, schedulers, capabilities),
                Json.parse(host.encode().getBytes(StandardCharsets.UTF_8)),
                new Hello.WorkerProcess(
                        workerId,
                        workerRole,
                        worker ? (int) ProcessHandle.current().pid() : null,
                        worker ? startedAt : null));
    }
}
