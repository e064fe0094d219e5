package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests how many commands a session receives before it answers, and when it receives the rest. */
class CommandWindowTest {
    private static final int WINDOW = 256;
    private static final int MORE = 50;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    private static JsonObject large() {
        return CommandOperator.cancelBody("t")
                .put("override_args", new JsonArray())
                .put("override_kwargs", new JsonObject().put("k", "x".repeat(60_000)));
    }

    private List<String> issueMany(int count, String verb, JsonObject body) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(operator.issue(verb, body).getString("id"));
        }
        return ids;
    }

    @Test
    void deliversMoreCommandsAfterAcknowledgements() {
        List<String> ids = operator.cancelMany(WINDOW + MORE);
        try (WireAgent agent = enrolled.connect()) {
            assertThat(CommandSteps.receive(agent, WINDOW)).isEqualTo(ids.subList(0, WINDOW));
            CommandSteps.assertNothingReceived(agent);
            assertThat(operator.status(ids.get(WINDOW))).isEqualTo("pending");

            ids.subList(0, WINDOW / 2).forEach(id -> CommandSteps.acknowledge(agent, id));

            assertThat(CommandSteps.receive(agent, MORE)).isEqualTo(ids.subList(WINDOW, WINDOW + MORE));
            CommandSteps.assertNothingReceived(agent);
        }
    }

    @Test
    void deliversMoreCommandsAfterResultsWithoutAcknowledgements() {
        List<String> ids = operator.cancelMany(WINDOW + 1);
        try (WireAgent agent = enrolled.connect()) {
            assertThat(CommandSteps.receive(agent, WINDOW)).isEqualTo(ids.subList(0, WINDOW));
            for (int i = 0; i < WINDOW / 2 - 1; i++) {
                CommandSteps.complete(agent, ids.get(i), i);
            }
            CommandSteps.assertNothingReceived(agent);

            CommandSteps.succeed(agent, ids.get(WINDOW - 1), "the last first");

            CommandSteps.awaitResultStored(agent, ids.get(WINDOW - 1));
            CommandSteps.receive(agent, ids.get(WINDOW));
        }
    }

    @Test
    void deliversMoreCommandsAfterTimeouts() {
        List<String> ids =
                issueMany(WINDOW, "cancel-task", CommandOperator.cancelBody("t").put("timeout_seconds", 5));
        String next = operator.cancel("next");
        try (WireAgent agent = enrolled.connect()) {
            List<String> taken = new ArrayList<>();
            while (!taken.contains(next)) {
                taken.add(CommandSteps.receive(agent).id());
            }

            assertThat(taken).endsWith(next).doesNotHaveDuplicates();
            assertThat(operator.await(ids.get(0), 10).getString("status")).isEqualTo("timeout");
        }
    }

    @Test
    void deliversToAnotherWorkerWhileOneHasAFullWindow() {
        JsonObject toOne = new JsonObject().put("worker_name", "a").put("queue", "q");
        try (WireAgent full = enrolled.connect("a");
                WireAgent other = enrolled.connect("b")) {
            List<String> ids = issueMany(WINDOW + MORE, "add-consumer", toOne);
            String id = operator.issue("add-consumer", toOne.copy().put("worker_name", "b"))
                    .getString("id");

            CommandSteps.receive(other, id);
            CommandSteps.assertNothingReceived(other);
            assertThat(CommandSteps.receive(full, WINDOW)).isEqualTo(ids.subList(0, WINDOW));
            CommandSteps.assertNothingReceived(full);
        }
    }

    @Test
    void redeliversInIssueOrderWithinTheWindow() {
        List<String> ids = operator.cancelMany(WINDOW + MORE);
        try (WireAgent agent = enrolled.connect("a")) {
            for (String id : ids) {
                CommandSteps.receive(agent, id);
                CommandSteps.acknowledge(agent, id);
            }
            CommandSteps.assertNothingReceived(agent);
            agent.closeInOrder();
        }
        String later = operator.cancel("later");
        try (WireAgent agent = enrolled.connect("a")) {
            assertThat(CommandSteps.receive(agent, WINDOW)).isEqualTo(ids.subList(0, WINDOW));
            CommandSteps.assertNothingReceived(agent);
            ids.subList(0, WINDOW).forEach(id -> CommandSteps.acknowledge(agent, id));
            assertThat(CommandSteps.receive(agent, MORE)).isEqualTo(ids.subList(WINDOW, WINDOW + MORE));
            CommandSteps.receive(agent, later);
        }
    }

    @Test
    void keepsTheConnectionOfAnAgentWithABacklogLargerThanTheOutputLimit() {
        List<String> ids = issueMany(60, "retry-task", large());
        try (WireAgent agent = enrolled.connect()) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(operator.status(ids.get(0))).isEqualTo("dispatched"));
            assertThat(operator.status(ids.get(59))).isEqualTo("pending");
            for (String id : ids) {
                CommandSteps.receive(agent, id);
                CommandSteps.acknowledge(agent, id);
            }
            CommandSteps.assertNothingReceived(agent);
            assertThat(brain.metric("ganglion_connections_closed_total", "reason", "slow_reader"))
                    .isZero();
        }
    }

    @Test
    void deliversACommandLargerThanTheWindowAlone() {
        String small = operator.cancel("small");
        List<String> ids = issueMany(9, "retry-task", large());
        String last = operator.cancel("last");
        try (WireAgent agent = enrolled.connect()) {
            CommandSteps.receive(agent, small);
            for (String id : ids) {
                CommandSteps.receive(agent, id);
            }
            CommandSteps.receive(agent, last);
        }
    }
}
