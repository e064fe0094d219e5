package dev.ganglion.agent;

import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * The base of tests that run an agent on a socket: provides Vert.x and a scripted brain, and stops all agents at the
 * end.
 */
@Timeout(30)
public abstract class AgentTests {
    Vertx vertx;
    ScriptedBrain brain;
    public AgentHost host;
    private final List<Agent> agents = new ArrayList<>();

    @BeforeEach
    void startBrain() {
        vertx = Vertx.vertx();
        brain = new ScriptedBrain(vertx);
        host = AgentHost.on(vertx);
    }

    @AfterEach
    void stopAll() {
        for (Agent agent : agents) {
            agent.stop(Duration.ZERO).otherwiseEmpty().await();
        }
        brain.close();
        vertx.close().await();
    }

    public Agent agent() {
        return agent(brain.options());
    }

    Agent agent(AgentOptions options) {
        return agent(options, CommandHandler.UNSUPPORTED);
    }

    Agent agent(AgentOptions options, CommandHandler commands) {
        Agent agent = new Agent(host, options, commands, state -> {});
        agents.add(agent);
        return agent;
    }

    static Json event(int number) {
        return new AgentEvent(
                        new UUID(0, number),
                        "celery",
                        "task-" + number,
                        "task.started",
                        Instant.parse("2026-01-02T03:04:05Z"),
                        new JsonObject().put("task_name", "größe \uD83D\uDE00").put("runtime", 1.0e-5))
                .toJson();
    }

    /** Returns a command to cancel a task, with the default time-out. */
    static Command command(String id, String taskId) {
        return command(id, taskId, 60);
    }

    static Command command(String id, String taskId, int timeoutSeconds) {
        Json parameters = Json.parse("{\"engine\":\"celery\",\"task_id\":\"" + taskId + "\"}");
        Json target = Json.parse("{\"type\":\"task\",\"id\":\"celery:" + taskId + "\",\"engine\":\"celery\"}");
        return new Command(
                id, "cancel_task", parameters, "cancel_task", target, parameters, timeoutSeconds, "operator");
    }

    static String eventId(int number) {
        return new UUID(0, number).toString();
    }
}
