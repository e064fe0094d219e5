package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import io.vertx.core.json.JsonObject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that each command counts once when it ends, by project, action and status. */
class CommandMetricsTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    private double ended(String action, String status) {
        return brain.metric("z4j_commands_total", "project", enrolled.slug(), "action", action, "status", status);
    }

    private double all() {
        return brain.metric("z4j_commands_total", "project", enrolled.slug());
    }

    private String taken(WireAgent agent, String verb, JsonObject body) {
        String id = operator.issue(verb, body).getString("id");
        CommandSteps.receive(agent, id);
        return id;
    }

    @Test
    void countsResultsByActionAndStatus() {
        try (WireAgent agent = enrolled.connect()) {
            String good = taken(agent, "cancel-task", CommandOperator.cancelBody("t"));
            CommandSteps.acknowledgeDurably(agent, good);
            assertThat(all()).isZero();
            CommandSteps.complete(agent, good, 1);
            CommandSteps.complete(
                    agent, taken(agent, "pool-resize", new JsonObject("{\"worker_name\":\"w\",\"delta\":-2}")), 1);
            CommandSteps.fail(
                    agent, taken(agent, "cancel-task", CommandOperator.cancelBody("t")), "no", "no such task");
        }
        assertThat(ended("cancel_task", "completed")).isEqualTo(1);
        assertThat(ended("pool_shrink", "completed")).isEqualTo(1);
        assertThat(ended("cancel_task", "failed")).isEqualTo(1);
        assertThat(all()).isEqualTo(3);
    }

    @Test
    void ignoresRepeatedResultsAndResultsOfOtherAgents() {
        EnrolledAgent other = brain.agent(enrolled.slug(), new JsonObject());
        try (WireAgent agent = enrolled.connect();
                WireAgent stranger = other.connect()) {
            String id = taken(agent, "cancel-task", CommandOperator.cancelBody("t"));
            CommandSteps.complete(stranger, id, 1);
            CommandSteps.complete(agent, id, 1);
            CommandSteps.complete(agent, id, 1);
            CommandSteps.fail(agent, id, "changed", "my mind");
            CommandSteps.complete(agent, "unknown-command", 1);
        }
        assertThat(ended("cancel_task", "completed")).isEqualTo(1);
        assertThat(all()).isEqualTo(1);
    }

    @Test
    void countsATimeoutOnceAndItsLateResultSeparately() {
        double late = brain.metric("ganglion_command_results_total", "effect", "late");
        try (WireAgent agent = enrolled.connect()) {
            String id =
                    taken(agent, "cancel-task", CommandOperator.cancelBody("t").put("timeout_seconds", 3));
            assertThat(operator.await(id, 20).getString("status")).isEqualTo("timeout");
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(ended("cancel_task", "timeout")).isEqualTo(1));
            CommandSteps.complete(agent, id, "at last");
        }
        assertThat(all()).isEqualTo(1);
        assertThat(brain.metric("ganglion_command_results_total", "effect", "late") - late)
                .isEqualTo(1);
    }
}
