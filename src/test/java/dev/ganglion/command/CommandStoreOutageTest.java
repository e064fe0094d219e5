package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.wire.WireAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests commands that are issued and answered while Redis is unreachable for some seconds. */
class CommandStoreOutageTest {
    private static final Duration OUTAGE = Duration.ofSeconds(3);

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    @AfterEach
    void restartRedis() {
        if (!brain.redis().process().alive()) {
            brain.redis().process().restart();
        }
    }

    private void awaitReady() {
        Awaitility.await("the brain to be ready")
                .atMost(Duration.ofSeconds(20))
                .until(() -> brain.rest().call("GET", "/readyz", null).status() == 200);
    }

    @Test
    void keepsAcceptedCommandsAndStoresNoRejectedOnes() {
        try (WireAgent agent = enrolled.connect()) {
            List<String> taken = new ArrayList<>(operator.cancelMany(3));
            brain.redis().process().kill9();
            long end = System.nanoTime() + OUTAGE.toNanos();
            int refused = 0;
            while (System.nanoTime() < end) {
                assertThat(operator.post("cancel-task", CommandOperator.cancelBody("t"))
                                .expect(503)
                                .getString("error"))
                        .isEqualTo("store_unavailable");
                refused++;
            }
            brain.redis().process().restart();
            awaitReady();

            taken.add(operator.cancel("after"));

            assertThat(refused).isPositive();
            assertThat(CommandSteps.receive(agent, 4)).isEqualTo(taken);
            CommandSteps.assertNothingReceived(agent);
            assertThat(CommandOperator.ids(operator.list(""))).containsExactlyInAnyOrderElementsOf(taken);
        }
    }

    @Test
    void storesAndAnswersResultsOnceRedisIsBack() {
        try (WireAgent agent = enrolled.connect()) {
            List<String> ids = operator.cancelMany(5);
            assertThat(CommandSteps.receive(agent, 5)).isEqualTo(ids);
            brain.redis().process().kill9();
            long end = System.nanoTime() + OUTAGE.toNanos();
            ids.forEach(id -> {
                CommandSteps.acknowledge(agent, id);
                CommandSteps.succeed(agent, id, id);
            });
            while (System.nanoTime() < end) {
                assertThat(brain.rest().get(operator.path()).status()).isEqualTo(503);
            }
            brain.redis().process().restart();

            ids.forEach(id -> CommandSteps.awaitResultStored(agent, id));

            awaitReady();
            for (String id : ids) {
                assertThat(operator.get(id).getString("result")).isEqualTo(id);
                assertThat(operator.get(id).getValue("acknowledged_at")).isNotNull();
            }
        }
    }

    @Test
    void storesAResultAfterRedisWasFrozen() {
        try (WireAgent agent = enrolled.connect()) {
            String id = operator.cancel("t");
            CommandSteps.receive(agent, id);
            brain.redis().process().freeze();
            CommandSteps.succeed(agent, id, "kept");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> brain.rest().call("GET", "/readyz", null).status() == 503);
            brain.redis().process().thaw();

            CommandSteps.awaitResultStored(agent, id);
            awaitReady();
            assertThat(operator.get(id).getString("result")).isEqualTo("kept");
        }
    }
}
