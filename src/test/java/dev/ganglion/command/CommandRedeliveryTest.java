package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.frame.Command;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests which session receives a command, and which receives it again after the first session has ended. */
class CommandRedeliveryTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    @Test
    void deliversPendingCommandsInIssueOrder() {
        List<String> ids = operator.cancelMany(50);
        try (WireAgent agent = enrolled.connect()) {
            ids.addAll(operator.cancelMany(10));
            assertThat(CommandSteps.receive(agent, 60)).isEqualTo(ids);
            CommandSteps.assertNothingReceived(agent);
        }
    }

    @Test
    void redeliversUnacknowledgedCommandsInIssueOrder() {
        List<String> ids = operator.cancelMany(10);
        try (WireAgent agent = enrolled.connect()) {
            assertThat(CommandSteps.receive(agent, 10)).isEqualTo(ids);
            CommandSteps.complete(agent, ids.get(3), 1);
            agent.socket().reset();
        }
        ids.remove(3);
        ids.addAll(operator.cancelMany(2));
        try (WireAgent agent = enrolled.connect()) {
            assertThat(CommandSteps.receive(agent, 11)).isEqualTo(ids);
            CommandSteps.assertNothingReceived(agent);
        }
    }

    @Test
    void redeliversAnUnacknowledgedCommandToAnotherWorker() {
        try (WireAgent first = enrolled.connect("a")) {
            String id = operator.cancel("t");
            CommandSteps.receive(first, id);
            try (WireAgent second = enrolled.connect("b")) {
                CommandSteps.assertNothingReceived(second);
                first.closeInOrder();
                CommandSteps.receive(second, id);
                CommandSteps.complete(second, id, 1);
            }
            assertThat(operator.status(id)).isEqualTo("completed");
        }
    }

    @Test
    void redeliversAnAcknowledgedCommandOnlyToTheSameWorker() {
        String id = operator.cancel("t");
        try (WireAgent first = enrolled.connect("a")) {
            CommandSteps.receive(first, id);
            CommandSteps.acknowledgeDurably(first, id);
            first.closeInOrder();
        }
        try (WireAgent other = enrolled.connect("b");
                WireAgent same = enrolled.connect("a")) {
            CommandSteps.receive(same, id);
            CommandSteps.assertNothingReceived(other);
            assertThat(operator.status(id)).isEqualTo("acknowledged");
            CommandSteps.complete(same, id, 1);
        }
    }

    @Test
    void redeliversTheCommandsOfAReplacedConnectionToItsSuccessor() {
        String id = operator.cancel("t");
        try (WireAgent older = enrolled.connect("a")) {
            CommandSteps.receive(older, id);
            try (WireAgent newer = enrolled.connect("a")) {
                CommandSteps.receive(newer, id);
                assertThat(older.ending().code()).isEqualTo(4002);
                CommandSteps.complete(newer, id, 1);
            }
        }
    }

    static Stream<Arguments> verbsThatMayNotRunTwice() {
        return Stream.of(
                Arguments.of("purge-queue", "{\"queue\":\"q\"}"),
                Arguments.of("bulk-retry", "{\"filter\":{},\"max\":1}"),
                Arguments.of("restart-worker", "{\"worker_name\":\"x\"}"),
                Arguments.of("pool-resize", "{\"worker_name\":\"x\",\"delta\":1}"));
    }

    @ParameterizedTest
    @MethodSource("verbsThatMayNotRunTwice")
    void redeliversACommandThatMustNotRunTwiceOnlyToTheSameWorker(String verb, String body) {
        String id = operator.issue(verb, new JsonObject(body)).getString("id");
        try (WireAgent first = enrolled.connect("a")) {
            CommandSteps.receive(first, id);
            first.closeInOrder();
        }
        try (WireAgent other = enrolled.connect("b")) {
            CommandSteps.assertNothingReceived(other);
            try (WireAgent same = enrolled.connect("a")) {
                CommandSteps.receive(same, id);
                CommandSteps.assertNothingReceived(other);
                CommandSteps.complete(same, id, 1);
            }
        }
    }

    @Test
    void timesOutACommandThatMustNotRunTwiceIfItsWorkerDoesNotReturn() {
        JsonObject body = new JsonObject().put("queue", "q").put("timeout_seconds", 5);
        String id = operator.issue("purge-queue", body).getString("id");
        try (WireAgent first = enrolled.connect("a")) {
            CommandSteps.receive(first, id);
            first.closeInOrder();
        }
        try (WireAgent other = enrolled.connect("b")) {
            JsonObject ended = operator.await(id, 20);
            assertThat(ended.getString("status")).isEqualTo("timeout");
            assertThat(ended.getBoolean("may_have_run")).isTrue();
            CommandSteps.assertNothingReceived(other);
        }
    }

    @Test
    void choosesANamedWorkerByIdOrHost() {
        try (WireAgent task = enrolled.connect(CommandSteps.helloOf("a", "task", "alpha"));
                WireAgent web = enrolled.connect(CommandSteps.helloOf("b", "web", "beta"))) {
            JsonObject byId = new JsonObject().put("worker_name", "b");
            CommandSteps.receive(web, operator.issue("restart-worker", byId).getString("id"));
            JsonObject byHost = new JsonObject().put("worker_name", "beta").put("delta", 1);
            CommandSteps.receive(web, operator.issue("pool-resize", byHost).getString("id"));
            JsonObject queue = new JsonObject().put("worker_name", "beta").put("queue", "q");
            CommandSteps.receive(web, operator.issue("add-consumer", queue).getString("id"));
            JsonObject limit =
                    new JsonObject().put("task_name", "t").put("rate", "1").put("worker_name", "b");
            CommandSteps.receive(web, operator.issue("rate-limit", limit).getString("id"));
            JsonObject unknown = new JsonObject().put("worker_name", "gamma");
            CommandSteps.receive(task, operator.issue("restart-worker", unknown).getString("id"));
        }
    }

    @Test
    void choosesAnEngineWorkerByHostAndPrefersAMatchingId() {
        try (WireAgent task = enrolled.connect(CommandSteps.helloOf("a", "task", "alpha"));
                WireAgent web = enrolled.connect(CommandSteps.helloOf("b", "web", "beta"));
                WireAgent exact = enrolled.connect(CommandSteps.helloOf("worker@alpha", "web", "alpha"))) {
            JsonObject byHost = new JsonObject().put("worker_name", "celery@beta");
            CommandSteps.receive(web, operator.issue("restart-worker", byHost).getString("id"));
            JsonObject byId = new JsonObject().put("worker_name", "worker@alpha");
            CommandSteps.receive(exact, operator.issue("restart-worker", byId).getString("id"));
            JsonObject unknown = new JsonObject().put("worker_name", "celery@gamma");
            CommandSteps.receive(task, operator.issue("restart-worker", unknown).getString("id"));
        }
    }

    @Test
    void prefersTaskWorkers() {
        try (WireAgent web = enrolled.connect(CommandSteps.helloOf("a", "web", "h"));
                WireAgent task = enrolled.connect(CommandSteps.helloOf("b", "task", "h"));
                WireAgent beat = enrolled.connect(CommandSteps.helloOf("c", "beat", "h"))) {
            List<String> ids = operator.cancelMany(3);
            assertThat(CommandSteps.receive(task, 3)).isEqualTo(ids);
            CommandSteps.assertNothingReceived(web);
            CommandSteps.assertNothingReceived(beat);
        }
    }

    @Test
    void prefersTheWorkerWithTheFewestCommandsInFlight() {
        try (WireAgent first = enrolled.connect(CommandSteps.helloOf("a", "task", "h"));
                WireAgent second = enrolled.connect(CommandSteps.helloOf("b", "task", "h"))) {
            List<String> ids = operator.cancelMany(4);
            List<String> firsts = CommandSteps.receive(first, 2);
            List<String> seconds = CommandSteps.receive(second, 2);
            List<String> all = new ArrayList<>(firsts);
            all.addAll(seconds);
            assertThat(all).containsExactlyInAnyOrderElementsOf(ids);

            seconds.forEach(id -> CommandSteps.complete(second, id, 1));
            List<String> next = operator.cancelMany(2);
            assertThat(CommandSteps.receive(second, 2)).isEqualTo(next);
            CommandSteps.assertNothingReceived(first);
        }
    }

    @Test
    void deliversABacklogLargerThanTheOutputLimit() {
        JsonObject body = CommandOperator.cancelBody("t")
                .put("override_args", new JsonArray())
                .put("override_kwargs", new JsonObject().put("k", "x".repeat(60_000)));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ids.add(operator.issue("retry-task", body).getString("id"));
        }
        try (WireAgent agent = enrolled.connect()) {
            for (String id : ids) {
                CommandSteps.receive(agent, id);
                CommandSteps.acknowledge(agent, id);
            }
            CommandSteps.assertNothingReceived(agent);
        }
    }

    @Test
    void resumesDeliveryAfterARestart() {
        List<String> ids = operator.cancelMany(3);
        try (WireAgent agent = enrolled.connect("a")) {
            assertThat(CommandSteps.receive(agent, 3)).isEqualTo(ids);
            CommandSteps.acknowledgeDurably(agent, ids.get(1));
            CommandSteps.complete(agent, ids.get(2), "done");
        }
        brain.stop();
        brain.start();
        String pending = operator.cancel("later");
        assertThat(operator.status(ids.get(0))).isEqualTo("dispatched");
        assertThat(operator.status(ids.get(1))).isEqualTo("acknowledged");
        assertThat(operator.get(ids.get(2)).getString("result")).isEqualTo("done");
        try (WireAgent agent = enrolled.connect("a")) {
            Command first = CommandSteps.receive(agent);
            assertThat(first.id()).isEqualTo(ids.get(0));
            CommandSteps.receive(agent, ids.get(1));
            CommandSteps.receive(agent, pending);
            CommandSteps.complete(agent, ids.get(1), 1);
        }
    }
}
