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
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the values of a command reach the agent unchanged or are rejected. */
class CommandBodyTest {
    /** A frame may nest 512 levels deep. The frame around an argument takes three of them. */
    private static final int DEEPEST = 509;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    private Rest.Response post(String verb, String fields) {
        String body = "{\"agent_id\":\"" + enrolled.id() + "\",\"engine\":\"celery\"," + fields + "}";
        return brain.rest().call("POST", "/api/v1" + operator.path() + "/" + verb, body);
    }

    private static String nested(int depth) {
        return "\"task_id\":\"t\",\"override_args\":" + "[".repeat(depth) + "]".repeat(depth);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "retry-task, override_args, `\"task_id\":\"t\",\"override_args\":[{\"a\":1e400}]`",
                "retry-task, override_args, `\"task_id\":\"t\",\"override_args\":[-1e400]`",
                "retry-task, override_args, `\"task_id\":\"t\",\"override_args\":[[\"\\ud800\"]]`",
                "cancel-task, task_id, `\"task_id\":\"\\ud83d\"`",
                "bulk-retry, filter, `\"max\":1,\"filter\":{\"a\":[\"x\\ud800x\"]}`"
            })
    void rejectsValuesThatAFrameCannotCarry(String verb, String field, String fields) {
        Rest.Response refused = post(verb, fields);

        assertThat(refused.expect(422).getString("error")).isEqualTo("validation_failed");
        assertThat(refused.field()).isEqualTo(field);
        assertThat(operator.list("")).isEmpty();
    }

    @Test
    void rejectsNamesThatAFrameCannotCarry() {
        Rest.Response refused = post("retry-task", "\"task_id\":\"t\",\"override_kwargs\":{\"\\udc00\":1}");

        assertThat(refused.expect(400).getString("error")).isEqualTo("invalid_request");
        assertThat(operator.list("")).isEmpty();
    }

    @Test
    void acceptsArgumentsUpToTheNestingLimitOfAFrame() {
        assertThat(post("retry-task", nested(DEEPEST + 1)).expect(422).getString("message"))
                .contains("override_args", String.valueOf(DEEPEST));
        try (WireAgent agent = enrolled.connect()) {
            String id = post("retry-task", nested(DEEPEST)).expect(202).getString("id");

            CommandSteps.receive(agent, id);
            CommandSteps.complete(agent, id, 1);
        }
    }

    @Test
    void keepsNumbersAndCharactersUnchanged() {
        String values =
                "[9007199254740993,123456789012345678901234567890,1.0,1e22,0.1,1e-07,\"\\u0000\\ud83d\\ude00\"]";
        try (WireAgent agent = enrolled.connect()) {
            String id = post("retry-task", "\"task_id\":\"t\",\"override_args\":" + values)
                    .expect(202)
                    .getString("id");

            Command command = CommandSteps.receive(agent, id);

            String canonical =
                    "[9007199254740993,123456789012345678901234567890,1.0,1e+22,0.1,1e-07,\"\\u0000\uD83D\uDE00\"]";
            assertThat(command.args().text()).contains("\"override_args\":" + canonical);
            assertThat(command.parameters().text()).contains("\"override_args\":" + canonical);
        }
    }

    @Test
    void sendsAWholeNumberAsAnInteger() {
        try (WireAgent agent = enrolled.connect()) {
            String id = post("bulk-retry", "\"filter\":{},\"max\":1e4,\"timeout_seconds\":30.0")
                    .expect(202)
                    .getString("id");

            Command command = CommandSteps.receive(agent, id);

            assertThat(command.args().text()).contains("\"max\":10000}");
            assertThat(command.parameters().text()).contains("\"max\":10000}");
            assertThat(command.timeoutSeconds()).isEqualTo(30);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0", "1.0", "1e0"})
    void acceptsAWholeNumberInAnyNotationAsWait(String wait) {
        String id = operator.cancel("t");

        JsonObject command =
                brain.rest().get(operator.path() + "/" + id + "?wait=" + wait).expect(200);

        assertThat(command.getString("status")).isEqualTo("pending");
    }

    @Test
    void returnsTheCommandOfAnIdempotencyKeyAfterTheAgentChanged() {
        JsonObject body = new JsonObject().put("task_id", "t").put("idempotency_key", "once");
        JsonObject one = new JsonObject("{\"celery\":[\"retry_task\"]}");
        try (WireAgent agent = enrolled.connect(CommandSteps.helloOf(one))) {
            String id = operator.issue("retry-task", body).getString("id");
            CommandSteps.receive(agent, id);
            CommandSteps.complete(agent, id, "done");
            agent.closeInOrder();
            JsonObject two = one.copy().mergeIn(new JsonObject("{\"rq\":[\"retry_task\"]}"));
            enrolled.connect(CommandSteps.helloOf(two)).closeInOrder();

            assertThat(operator.issue("retry-task", body)).isEqualTo(operator.get(id));
            assertThat(brain.rest().delete(enrolled.path()).status()).isEqualTo(204);

            assertThat(operator.issue("retry-task", body)).isEqualTo(operator.get(id));
            assertThat(operator.post("retry-task", body.copy().put("task_id", "u"))
                            .status())
                    .isEqualTo(404);
        }
    }
}
