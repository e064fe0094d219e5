package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests the time between a command's time-out and the sweep that records it. The tests delay the sweep by holding its
 * lock.
 */
class CommandLateTest {
    private static final String SWEEPER = "ganglion:sweeper";

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    @BeforeEach
    void delaySweeps() {
        brain.redis().call("SET", SWEEPER, "the test");
    }

    @AfterEach
    void resumeSweeps() {
        brain.redis().call("DEL", SWEEPER);
    }

    private String issue(int timeoutSeconds) {
        JsonObject body = CommandOperator.cancelBody("t").put("timeout_seconds", timeoutSeconds);
        return operator.issue("cancel-task", body).getString("id");
    }

    private void awaitTimeout(String id) {
        Instant over = operator.get(id).getInstant("timeout_at");
        Awaitility.await().until(() -> Instant.now().isAfter(over));
    }

    @Test
    void recordsAResultAfterTheTimeoutAsLate() {
        try (WireAgent agent = enrolled.connect()) {
            String id = issue(3);
            CommandSteps.receive(agent, id);
            awaitTimeout(id);
            double late = brain.metric("ganglion_command_results_total", "effect", "late");

            CommandSteps.complete(agent, id, "too late");

            assertThat(operator.status(id)).isEqualTo("dispatched");
            assertThat(brain.metric("ganglion_command_results_total", "effect", "late") - late)
                    .isEqualTo(1);
            resumeSweeps();
            JsonObject ended = operator.await(id, 10);
            assertThat(ended.getString("status")).isEqualTo("timeout");
            assertThat(ended.getBoolean("may_have_run")).isTrue();
            assertThat(ended.getInstant("late_result_at")).isAfterOrEqualTo(ended.getInstant("timeout_at"));
            assertThat(ended.getValue("result")).isNull();
        }
    }

    @Test
    void deliversNoExpiredCommand() {
        String over = issue(1);
        awaitTimeout(over);
        String next = operator.cancel("next");

        try (WireAgent agent = enrolled.connect()) {
            CommandSteps.receive(agent, next);
            CommandSteps.assertNothingReceived(agent);
        }
        resumeSweeps();
        JsonObject ended = operator.await(over, 10);
        assertThat(ended.getString("status")).isEqualTo("timeout");
        assertThat(ended.getBoolean("may_have_run")).isFalse();
    }

    @Test
    void redeliversNoExpiredCommand() {
        String over = issue(3);
        try (WireAgent agent = enrolled.connect()) {
            CommandSteps.receive(agent, over);
            agent.closeInOrder();
        }
        awaitTimeout(over);
        try (WireAgent agent = enrolled.connect()) {
            CommandSteps.receive(agent, operator.cancel("next"));
            CommandSteps.assertNothingReceived(agent);
        }
    }
}
