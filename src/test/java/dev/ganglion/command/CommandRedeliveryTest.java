package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.frame.Command;
import dev.ganglion.testing.BrainExtension;
import dev.ganglion.testing.CommandHands;
import dev.ganglion.testing.Commands;
import dev.ganglion.testing.Enrolled;
import dev.ganglion.testing.QuietLog;
import dev.ganglion.testing.WireAgent;
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

    private final Enrolled enrolled = brain.agent();
    private final Commands operator = Commands.to(enrolled);

    @Test
    void deliversPendingCommandsInIssueOrder() {
        List<String> ids = operator.cancelMany(50);
        try (WireAgent agent = enrolled.connect()) {
            ids.addAll(operator.cancelMany(10));
            assertThat(CommandHands.take(agent, 60)).isEqualTo(ids);
            CommandHands.hasNothing(agent);
        }
    }

    @Test
    void redeliversUnacknowledgedCommandsInIssueOrder() {
        List<String> ids = operator.cancelMany(10);
        try (WireAgent agent = enrolled.connect()) {
            assertThat(CommandHands.take(agent, 10)).isEqualTo(ids);
            CommandHands.complete(agent, ids.get(3), 1);
            agent.socket().vanish();
        }
        ids.remove(3);
        ids.addAll(operator.cancelMany(2));
        try (WireAgent agent = enrolled.connect()) {
            assertThat(CommandHands.take(agent, 11)).isEqualTo(ids);
            CommandHands.hasNothing(agent);
        }
    }

    @Test
    void redeliversAnUnacknowledgedCommandToAnotherWorker() {
        try (WireAgent first = enrolled.connect("a")) {
            String id = operator.cancel("t");
            CommandHands.take(first, id);
            try (WireAgent second = enrolled.connect("b")) {
                CommandHands.hasNothing(second);
                first.leave();
                CommandHands.take(second, id);
                CommandHands.complete(second, id, 1);
            }
            assertThat(operator.status(id)).isEqualTo("completed");
        }
    }

    @Test
    void redeliversAnAcknowledgedCommandOnlyToTheSameWorker() {
        String id = operator.cancel("t");
        try (WireAgent first = enrolled.connect("a")) {
            CommandHands.take(first, id);
            CommandHands.acknowledgeDurably(first, id);
            first.leave();
        }
        try (WireAgent other = enrolled.connect("b");
                WireAgent same = enrolled.connect("a")) {
            CommandHands.take(same, id);
            CommandHands.hasNothing(other);
            assertThat(operator.status(id)).isEqualTo("acknowledged");
            CommandHands.complete(same, id, 1);
        }
    }

    @Test
    void redeliversTheCommandsOfAReplacedConnectionToItsSuccessor() {
        String id = operator.cancel("t");
        try (WireAgent older = enrolled.connect("a")) {
            CommandHands.take(older, id);
            try (WireAgent newer = enrolled.connect("a")) {
                CommandHands.take(newer, id);
                assertThat(older.ending().code()).isEqualTo(4002);
                CommandHands.complete(newer, id, 1);
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
    void redeliversADispatchedStickyCommandOnlyToTheSameWorker(String verb, String body) {
        String id = operator.issue(verb, new JsonObject(body)).getString("id");
        try (WireAgent first = enrolled.connect("a")) {
            CommandHands.take(first, id);
            first.leave();
        }
        try (WireAgent other = enrolled.connect("b")) {
            CommandHands.hasNothing(other);
            try (WireAgent same = enrolled.connect("a")) {
                CommandHands.take(same, id);
                CommandHands.hasNothing(other);
                CommandHands.complete(same, id, 1);
            }
        }
    }

    @Test
    void timesOutAStickyCommandWhoseWorkerDoesNotReturn() {
        JsonObject body = new JsonObject().put("queue", "q").put("timeout_seconds", 5);
        String id = operator.issue("purge-queue", body).getString("id");
        try (WireAgent first = enrolled.connect("a")) {
            CommandHands.take(first, id);
            first.leave();
        }
        try (WireAgent other = enrolled.connect("b")) {
            JsonObject ended = operator.await(id, 20);
            assertThat(ended.getString("status")).isEqualTo("timeout");
            assertThat(ended.getBoolean("may_have_run")).isTrue();
            CommandHands.hasNothing(other);
        }
    }

    @Test
    void choosesANamedWorkerByIdOrHost() {
        try (WireAgent task = enrolled.connect(CommandHands.helloOf("a", "task", "alpha"));
                WireAgent web = enrolled.connect(CommandHands.helloOf("b", "web", "beta"))) {
            JsonObject byId = new JsonObject().put("worker_name", "b");
            CommandHands.take(web, operator.issue("restart-worker", byId).getString("id"));
            JsonObject byHost = new JsonObject().put("worker_name", "beta").put("delta", 1);
            CommandHands.take(web, operator.issue("pool-resize", byHost).getString("id"));
            JsonObject queue = new JsonObject().put("worker_name", "beta").put("queue", "q");
            CommandHands.take(web, operator.issue("add-consumer", queue).getString("id"));
            JsonObject limit =
                    new JsonObject().put("task_name", "t").put("rate", "1").put("worker_name", "b");
            CommandHands.take(web, operator.issue("rate-limit", limit).getString("id"));
            JsonObject unknown = new JsonObject().put("worker_name", "gamma");
            CommandHands.take(task, operator.issue("restart-worker", unknown).getString("id"));
        }
    }

    @Test
    void choosesAnEngineWorkerByHostAndPrefersAMatchingId() {
        try (WireAgent task = enrolled.connect(CommandHands.helloOf("a", "task", "alpha"));
                WireAgent web = enrolled.connect(CommandHands.helloOf("b", "web", "beta"));
                WireAgent exact = enrolled.connect(CommandHands.helloOf("worker@alpha", "web", "alpha"))) {
            JsonObject byHost = new JsonObject().put("worker_name", "celery@beta");
            CommandHands.take(web, operator.issue("restart-worker", byHost).getString("id"));
            JsonObject byId = new JsonObject().put("worker_name", "worker@alpha");
            CommandHands.take(exact, operator.issue("restart-worker", byId).getString("id"));
            JsonObject unknown = new JsonObject().put("worker_name", "celery@gamma");
            CommandHands.take(task, operator.issue("restart-worker", unknown).getString("id"));
        }
    }

    @Test
    void prefersTaskWorkers() {
        try (WireAgent web = enrolled.connect(CommandHands.helloOf("a", "web", "h"));
                WireAgent task = enrolled.connect(CommandHands.helloOf("b", "task", "h"));
                WireAgent beat = enrolled.connect(CommandHands.helloOf("c", "beat", "h"))) {
            List<String> ids = operator.cancelMany(3);
            assertThat(CommandHands.take(task, 3)).isEqualTo(ids);
            CommandHands.hasNothing(web);
            CommandHands.hasNothing(beat);
        }
    }

    @Test
    void prefersTheWorkerWithTheFewestCommandsInFlight() {
        try (WireAgent first = enrolled.connect(CommandHands.helloOf("a", "task", "h"));
                WireAgent second = enrolled.connect(CommandHands.helloOf("b", "task", "h"))) {
            List<String> ids = operator.cancelMany(4);
            List<String> firsts = CommandHands.take(first, 2);
            List<String> seconds = CommandHands.take(second, 2);
            List<String> all = new ArrayList<>(firsts);
            all.addAll(seconds);
            assertThat(all).containsExactlyInAnyOrderElementsOf(ids);

            seconds.forEach(id -> CommandHands.complete(second, id, 1));
            List<String> next = operator.cancelMany(2);
            assertThat(CommandHands.take(second, 2)).isEqualTo(next);
            CommandHands.hasNothing(first);
        }
    }

    @Test
    void deliversABacklogLargerThanTheOutputLimit() {
        JsonObject body = Commands.cancelBody("t")
                .put("override_args", new io.vertx.core.json.JsonArray())
                .put("override_kwargs", new JsonObject().put("k", "x".repeat(60_000)));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ids.add(operator.issue("retry-task", body).getString("id"));
        }
        try (WireAgent agent = enrolled.connect()) {
            for (String id : ids) {
                CommandHands.take(agent, id);
                CommandHands.acknowledge(agent, id);
            }
            CommandHands.hasNothing(agent);
        }
    }

    @Test
    void resumesDeliveryAfterARestart() {
        List<String> ids = operator.cancelMany(3);
        try (WireAgent agent = enrolled.connect("a")) {
            assertThat(CommandHands.take(agent, 3)).isEqualTo(ids);
            CommandHands.acknowledgeDurably(agent, ids.get(1));
            CommandHands.complete(agent, ids.get(2), "done");
        }
        brain.stop();
        brain.start();
        String pending = operator.cancel("later");
        assertThat(operator.status(ids.get(0))).isEqualTo("dispatched");
        assertThat(operator.status(ids.get(1))).isEqualTo("acknowledged");
        assertThat(operator.get(ids.get(2)).getString("result")).isEqualTo("done");
        try (WireAgent agent = enrolled.connect("a")) {
            Command first = CommandHands.take(agent);
            assertThat(first.id()).isEqualTo(ids.get(0));
            CommandHands.take(agent, ids.get(1));
            CommandHands.take(agent, pending);
            CommandHands.complete(agent, ids.get(1), 1);
        }
    }
}
