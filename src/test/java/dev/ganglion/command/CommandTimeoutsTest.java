package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.Addresses;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.BrainProcess;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that two brains on one Redis time out each command once. */
class CommandTimeoutsTest {
    @RegisterExtension
    static final BrainExtension enrolment = new BrainExtension();

    private static final Duration NODE_IS_DEAD = Duration.ofSeconds(30);
    private static final Queue<String> published = new ConcurrentLinkedQueue<>();
    private static FurtherBrain one;
    private static FurtherBrain two;

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private EnrolledAgent enrolled;
    private CommandOperator operator;

    @BeforeAll
    static void startTwo() {
        enrolment.stop();
        String uri = enrolment.redis().connectionString().value();
        one = FurtherBrain.start(uri);
        two = FurtherBrain.start(uri);
        List.of(one, two).forEach(brain -> brain.listen(Addresses.COMMAND_FINAL, published::add));
    }

    /** Enrols an agent with a third brain. That brain then stops, so that it does not sweep. */
    @BeforeEach
    void enrol() {
        enrolment.start();
        enrolled = enrolment.agent();
        enrolment.stop();
        operator = CommandOperator.to(enrolled, one::rest);
    }

    @AfterAll
    static void stopTwo() {
        one.close();
        two.close();
    }

    private static JsonObject shortLived() {
        return living(1);
    }

    private static JsonObject living(int seconds) {
        return CommandOperator.cancelBody("t").put("timeout_seconds", seconds);
    }

    @Test
    void publishesEachTimeoutOnce() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add((i % 2 == 0 ? operator : CommandOperator.to(enrolled, two::rest))
                    .issue("cancel-task", shortLived())
                    .getString("id"));
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(operator.list("status=timeout")).hasSize(20));
        Awaitility.await().untilAsserted(() -> assertThat(published).containsAll(ids));
        List<String> later = List.of(operator.issue("cancel-task", shortLived()).getString("id"));
        Awaitility.await().untilAsserted(() -> assertThat(published).containsAll(later));

        assertThat(published).doesNotHaveDuplicates();
    }

    @Test
    void reportsTheSameTimeoutOnBothNodes() {
        String id = operator.issue("cancel-task", shortLived()).getString("id");
        Awaitility.await().until(() -> operator.status(id).equals("timeout"));
        assertThat(CommandOperator.to(enrolled, two::rest).get(id)).isEqualTo(operator.get(id));
        assertThat(CommandOperator.to(enrolled, two::rest).list("")).isEqualTo(operator.list(""));
    }

    @Test
    void endsACommandByEitherAResultOrATimeout() {
        try (WireAgent agent = one.connect(enrolled, WireFrames.hello())) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                ids.add(operator.issue("cancel-task", living(4)).getString("id"));
            }
            assertThat(CommandSteps.receive(agent, 30)).isEqualTo(ids);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> operator.status(ids.get(0)).equals("timeout")
                            || System.currentTimeMillis()
                                    > operator.get(ids.get(0))
                                            .getInstant("timeout_at")
                                            .toEpochMilli());
            ids.forEach(id -> CommandSteps.complete(agent, id, 1));

            for (String id : ids) {
                Awaitility.await().until(() -> !operator.status(id).equals("dispatched"));
                JsonObject ended = operator.get(id);
                boolean late = ended.getValue("late_result_at") != null;
                assertThat(ended.getString("status")).isEqualTo(late ? "timeout" : "completed");
            }
            Awaitility.await().untilAsserted(() -> assertThat(published).containsAll(ids));
            assertThat(published).doesNotHaveDuplicates();
        }
    }

    @Test
    void timesOutACommandSoonAfterItsLimit() {
        String id = operator.issue("cancel-task", shortLived()).getString("id");
        Awaitility.await().until(() -> operator.status(id).equals("timeout"));
        JsonObject ended = operator.get(id);
        assertThat(ended.getInstant("completed_at"))
                .isBetween(
                        ended.getInstant("timeout_at"),
                        ended.getInstant("timeout_at").plusSeconds(10));
    }

    @Test
    void redeliversTheCommandsOfADeadNodeToAnotherWorker() {
        try (BrainProcess doomed = BrainProcess.start(enrolment.redis());
                WireAgent left = one.connect(enrolled, CommandSteps.helloOf("b", "web", "h"));
                WireAgent held =
                        FurtherBrain.connect(doomed.port(), enrolled, CommandSteps.helloOf("a", "task", "h"))) {
            // A node that the others do not know yet gets no commands. A later command could overtake the one that it
            // holds.
            Awaitility.await()
                    .until(() -> one.rest()
                            .get("/cluster")
                            .expect(200)
                            .getJsonArray("nodes")
                            .encode()
                            .contains(":" + doomed.port() + "\""));
            CommandOperator onDoomed = CommandOperator.to(enrolled, doomed::rest);
            String id = onDoomed.cancel("t");
            CommandSteps.receive(held, id);
            doomed.kill9();
            String next = operator.cancel("next");

            Awaitility.await()
                    .atMost(NODE_IS_DEAD)
                    .until(() -> operator.status(next).equals("dispatched"));

            CommandSteps.receive(left, id);
            CommandSteps.receive(left, next);
        }
    }
}
