package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the confirmation token that an agent requires before it purges a queue. */
class CommandPurgeTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    private static JsonObject purge(String queue) {
        return new JsonObject().put("queue", queue).put("engine", "celery");
    }

    private static void reportDepths(WireAgent agent, String depths) {
        JsonObject health = new JsonObject().put("celery.queue_depths", depths);
        agent.send("heartbeat", new JsonObject().put("adapter_health", health));
        CommandSteps.assertNothingReceived(agent);
    }

    private JsonObject parameters(WireAgent agent, JsonObject body) {
        JsonObject issued = operator.issue("purge-queue", body);
        Command command = CommandSteps.receive(agent, issued.getString("id"));
        assertThat(issued.getJsonObject("payload")).isEqualTo(body);
        assertThat(new JsonObject(command.args().text())).isEqualTo(body);
        return new JsonObject(command.parameters().text());
    }

    private String token(String queue, long depth) {
        return KeyDerivation.purgeToken(KeyDerivation.secretBytes(enrolled.secretText()), queue, depth);
    }

    @Test
    void computesTheTokenFromTheQueueDepthOfTheLastHeartbeat() {
        try (WireAgent agent = enrolled.connect()) {
            reportDepths(agent, "{\"mail\":7}");
            reportDepths(agent, "{\"mail\":3,\"other\":9}");

            JsonObject parameters = parameters(agent, purge("mail"));

            assertThat(parameters.getString("confirm_token")).isEqualTo(token("mail", 3));
            assertThat(parameters.getBoolean("force")).isFalse();
        }
    }

    @Test
    void usesTheMostRecentHeartbeatOfSeveralWorkers() {
        try (WireAgent first = enrolled.connect("a");
                WireAgent second = enrolled.connect("b")) {
            reportDepths(first, "{\"mail\":1}");
            reportDepths(second, "{\"mail\":2}");
            operator.issue("purge-queue", purge("mail"));

            Command command = CommandSteps.receive(first);

            assertThat(new JsonObject(command.parameters().text()).getString("confirm_token"))
                    .isEqualTo(token("mail", 2));
        }
    }

    @Test
    void keepsTheOperatorsOwnToken() {
        try (WireAgent agent = enrolled.connect()) {
            reportDepths(agent, "{\"mail\":3}");
            assertThat(parameters(agent, purge("mail").put("confirm_token", "mine"))
                            .getString("confirm_token"))
                    .isEqualTo("mine");
        }
    }

    @Test
    void addsNoTokenWithForceOrForAQueueOfUnknownDepth() {
        try (WireAgent agent = enrolled.connect()) {
            reportDepths(agent, "{\"mail\":3,\"odd\":\"3\",\"none\":null}");
            assertThat(parameters(agent, purge("mail").put("force", true)).containsKey("confirm_token"))
                    .isFalse();
            for (String queue : new String[] {"other", "odd", "none"}) {
                assertThat(parameters(agent, purge(queue)).containsKey("confirm_token"))
                        .isFalse();
            }
            reportDepths(agent, "no JSON");
            assertThat(parameters(agent, purge("mail")).containsKey("confirm_token"))
                    .isFalse();
        }
    }
}
