package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.frame.Command;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests which of an agent's engines a command is for. */
class CommandEnginesTest {
    private static final JsonObject QUEUE = new JsonObject().put("queue", "q");
    private static final JsonObject RESIZE =
            new JsonObject().put("worker_name", "w").put("delta", 1);

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    private static JsonObject abilities(String celery, String rq) {
        return new JsonObject()
                .put("celery", new JsonArray().add("cancel_task").add(celery))
                .put("rq", new JsonArray().add("cancel_task").add(rq));
    }

    private static JsonObject target(Command command) {
        return new JsonObject(command.target().text());
    }

    @Test
    void namesNoEngineWhileTheAgentsEnginesAreUnknown() {
        JsonObject issued = operator.issue("purge-queue", QUEUE);

        try (WireAgent agent = enrolled.connect()) {
            Command command = CommandSteps.receive(agent, issued.getString("id"));
            assertThat(target(command)).isEqualTo(new JsonObject("{\"type\":\"queue\",\"id\":\"q\"}"));
            assertThat(new JsonObject(command.parameters().text()).containsKey("engine"))
                    .isFalse();
        }
    }

    @Test
    void usesTheAgentsOnlyEngineForATask() {
        JsonObject task = new JsonObject().put("task_id", "t");
        for (String verb : new String[] {"retry-task", "cancel-task"}) {
            Rest.Response unknown = operator.post(verb, task);
            assertThat(unknown.expect(422).getString("error")).isEqualTo("engine_required");
            assertThat(unknown.field()).isEqualTo("engine");
        }
        JsonObject celery =
                new JsonObject().put("celery", new JsonArray().add("retry_task").add("cancel_task"));
        try (WireAgent agent = enrolled.connect(CommandSteps.helloOf(celery))) {
            for (String verb : new String[] {"retry-task", "cancel-task"}) {
                JsonObject issued = operator.issue(verb, task);

                Command command = CommandSteps.receive(agent, issued.getString("id"));
                assertThat(target(command))
                        .isEqualTo(new JsonObject("{\"type\":\"task\",\"id\":\"celery:t\",\"engine\":\"celery\"}"));
                assertThat(new JsonObject(command.args().text())).isEqualTo(task);
            }
        }
    }

    @Test
    void requiresTheEngineOfATaskIfTheAgentHasSeveral() {
        try (WireAgent agent = enrolled.connect(CommandSteps.helloOf(abilities("retry_task", "retry_task")))) {
            Rest.Response refused = operator.post("cancel-task", new JsonObject().put("task_id", "t"));

            assertThat(refused.expect(422).getString("error")).isEqualTo("engine_required");
            CommandSteps.assertNothingReceived(agent);
        }
    }

    @Test
    void requiresAnEngineIfSeveralSupportTheVerb() {
        try (WireAgent agent = enrolled.connect(CommandSteps.helloOf(abilities("purge_queue", "purge_queue")))) {
            Rest.Response refused = operator.post("purge-queue", QUEUE);

            assertThat(refused.expect(422).getString("error")).isEqualTo("engine_required");
            assertThat(refused.field()).isEqualTo("engine");
            JsonObject issued = operator.issue("purge-queue", QUEUE.copy().put("engine", "rq"));
            assertThat(target(CommandSteps.receive(agent, issued.getString("id")))
                            .getString("engine"))
                    .isEqualTo("rq");
        }
    }

    @Test
    void usesTheOnlyEngineThatSupportsTheVerb() {
        try (WireAgent agent = enrolled.connect(CommandSteps.helloOf(abilities("rate_limit", "purge_queue")))) {
            JsonObject issued = operator.issue("purge-queue", QUEUE);

            assertThat(target(CommandSteps.receive(agent, issued.getString("id")))
                            .getString("engine"))
                    .isEqualTo("rq");
        }
    }

    @Test
    void treatsAnEngineThatGrowsOrShrinksPoolsAsAbleToResize() {
        try (WireAgent agent = enrolled.connect(CommandSteps.helloOf(abilities("pool_grow", "rate_limit")))) {
            JsonObject issued = operator.issue("pool-resize", RESIZE);

            assertThat(target(CommandSteps.receive(agent, issued.getString("id")))
                            .getString("engine"))
                    .isEqualTo("celery");
        }
    }

    @Test
    void remembersTheEnginesAfterTheAgentDisconnected() {
        try (WireAgent agent = enrolled.connect(CommandSteps.helloOf(abilities("purge_queue", "purge_queue")))) {
            agent.closeInOrder();
        }
        assertThat(operator.post("purge-queue", QUEUE).status()).isEqualTo(422);
    }
}
