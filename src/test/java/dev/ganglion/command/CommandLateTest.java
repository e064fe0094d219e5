package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.BrainExtension;
import dev.ganglion.testing.CommandHands;
import dev.ganglion.testing.Commands;
import dev.ganglion.testing.Enrolled;
import dev.ganglion.testing.QuietLog;
import dev.ganglion.testing.WireAgent;
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

    private final Enrolled enrolled = brain.agent();
    private final Commands operator = Commands.to(enrolled);

    @BeforeEach
    void delaySweeps() {
        brain.redis().call("SET", SWEEPER, "the test");
    }

    @AfterEach
    void resumeSweeps() {
        brain.redis().call("DEL", SWEEPER);
    }

    private String issue(int timeoutSeconds) {
        JsonObject body = Commands.cancelBody("t").put("timeout_seconds", timeoutSeconds);
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
            CommandHands.take(agent, id);
            awaitTimeout(id);
            double late = brain.metric("ganglion_command_results_total", "effect", "late");

            CommandHands.complete(agent, id, "too late");

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
            CommandHands.take(agent, next);
            CommandHands.hasNothing(agent);
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
            CommandHands.take(agent, over);
            agent.leave();
        }
        awaitTimeout(over);
        try (WireAgent agent = enrolled.connect()) {
            CommandHands.take(agent, operator.cancel("next"));
            CommandHands.hasNothing(agent);
        }
    }
}
