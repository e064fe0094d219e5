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
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests a command's states and times from issue to end. */
class CommandLifecycleTest {
    private static final int RESULT_LIMIT = 256 * 1024;
    private static final double MOMENT_MS = 100;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    private static double results(String effect) {
        return brain.metric("ganglion_command_results_total", "effect", effect);
    }

    private String taken(WireAgent agent) {
        String id = operator.cancel("t");
        CommandSteps.receive(agent, id);
        return id;
    }

    /**
     * Issues commands until one of them has reached the agent and timed out. On a slow machine a command may time out
     * before the brain dispatches it.
     */
    private String timedOut(WireAgent agent) {
        JsonObject body = CommandOperator.cancelBody("t").put("timeout_seconds", 1);
        while (true) {
            String id = operator.issue("cancel-task", body).getString("id");
            JsonObject ended = operator.await(id, 10);
            assertThat(ended.getString("status")).isEqualTo("timeout");
            if (ended.getValue("dispatched_at") != null) {
                CommandSteps.receive(agent, id);
                return id;
            }
        }
    }

    @Test
    void recordsTheTimeOfEachStep() {
        String id = operator.cancel("t");
        assertThat(operator.status(id)).isEqualTo("pending");
        try (WireAgent agent = enrolled.connect()) {
            CommandSteps.receive(agent, id);
            JsonObject dispatched = operator.get(id);
            assertThat(dispatched.getString("status")).isEqualTo("dispatched");

            CommandSteps.acknowledgeDurably(agent, id);
            JsonObject acknowledged = operator.get(id);
            assertThat(acknowledged.getString("status")).isEqualTo("acknowledged");

            CommandSteps.complete(agent, id, new JsonObject().put("n", 1));
            JsonObject completed = operator.get(id);
            assertThat(completed.getString("status")).isEqualTo("completed");
            Instant issuedAt = completed.getInstant("issued_at");
            assertThat(dispatched.getInstant("dispatched_at")).isAfterOrEqualTo(issuedAt);
            assertThat(completed.getInstant("dispatched_at")).isEqualTo(dispatched.getInstant("dispatched_at"));
            assertThat(completed.getInstant("acknowledged_at"))
                    .isEqualTo(acknowledged.getInstant("acknowledged_at"))
                    .isAfterOrEqualTo(dispatched.getInstant("dispatched_at"));
            assertThat(completed.getInstant("completed_at"))
                    .isBetween(
                            acknowledged.getInstant("acknowledged_at"),
                            Instant.now().plusSeconds(1));
        }
    }

    @Test
    void storesResultsInTheDocumentedForm() {
        try (WireAgent agent = enrolled.connect()) {
            String good = taken(agent);
            JsonObject result = new JsonObject()
                    .put("list", new JsonArray().add(1).add("zwei").addNull())
                    .put("double", 0.1);
            CommandSteps.complete(agent, good, result);
            JsonObject completed = operator.get(good);
            assertThat(completed.getJsonObject("result")).isEqualTo(result);
            assertThat(completed.getValue("error")).isNull();

            String bad = taken(agent);
            CommandSteps.fail(agent, bad, "no_such_task", "there is no t");
            JsonObject failed = operator.get(bad);
            assertThat(failed.getString("status")).isEqualTo("failed");
            assertThat(failed.getJsonObject("error"))
                    .isEqualTo(new JsonObject().put("code", "no_such_task").put("message", "there is no t"));
        }
    }

    @Test
    void storesResultsInTheLibrarysForm() {
        try (WireAgent agent = enrolled.connectAsLibrary()) {
            String good = taken(agent);
            CommandSteps.answerAsLibrary(
                    agent, good, new JsonObject().put("status", "success").put("result", new JsonObject().put("n", 2)));
            assertThat(operator.get(good).getString("status")).isEqualTo("completed");
            assertThat(operator.get(good).getJsonObject("result")).isEqualTo(new JsonObject().put("n", 2));

            String bad = taken(agent);
            CommandSteps.answerAsLibrary(
                    agent, bad, new JsonObject().put("status", "failed").put("error", "no such task"));
            assertThat(operator.get(bad).getString("status")).isEqualTo("failed");
            assertThat(operator.get(bad).getJsonObject("error").getString("message"))
                    .isEqualTo("no such task");
        }
    }

    @Test
    void storesAResultBeforeItAnswersTheAgent() {
        try (WireAgent agent = enrolled.connect()) {
            for (int i = 0; i < 50; i++) {
                String id = taken(agent);
                CommandSteps.complete(agent, id, i);
                assertThat(operator.status(id)).isEqualTo("completed");
            }
        }
    }

    @Test
    void answersRepeatedFramesWithoutAnyChange() {
        try (WireAgent agent = enrolled.connect()) {
            String id = taken(agent);
            CommandSteps.acknowledgeDurably(agent, id);
            CommandSteps.acknowledgeDurably(agent, id);
            CommandSteps.complete(agent, id, "first");
            JsonObject before = operator.get(id);
            double repeats = results("repeated");

            CommandSteps.complete(agent, id, "second");
            CommandSteps.fail(agent, id, "changed", "my mind");
            CommandSteps.acknowledgeDurably(agent, id);

            assertThat(operator.get(id)).isEqualTo(before);
            assertThat(results("repeated") - repeats).isEqualTo(2);
        }
    }

    @Test
    void ignoresAResultFromAnotherAgent() {
        EnrolledAgent other = brain.agent(enrolled.slug(), new JsonObject());
        try (WireAgent agent = enrolled.connect();
                WireAgent stranger = other.connect()) {
            String id = taken(agent);
            JsonObject before = operator.get(id);
            double refused = results("refused");

            CommandSteps.acknowledgeDurably(stranger, id);
            CommandSteps.complete(stranger, id, "not mine");

            assertThat(operator.get(id)).isEqualTo(before);
            assertThat(results("refused") - refused).isEqualTo(1);
        }
    }

    @Test
    void ignoresAResultOfAnUnknownCommand() {
        try (WireAgent agent = enrolled.connect()) {
            double refused = results("refused");

            CommandSteps.complete(agent, "unknown-command", 1);
            CommandSteps.acknowledgeDurably(agent, "unknown-command");

            assertThat(results("refused") - refused).isEqualTo(1);
            assertThat(operator.list("")).isEmpty();
        }
    }

    @Test
    void recordsALateResultAndKeepsTheTimeout() {
        try (WireAgent agent = enrolled.connect()) {
            String id = timedOut(agent);
            JsonObject before = operator.get(id);
            assertThat(before.getValue("late_result_at")).isNull();
            double late = results("late");

            CommandSteps.complete(agent, id, "at last");
            CommandSteps.complete(agent, id, "at last");

            JsonObject after = operator.get(id);
            assertThat(after.getInstant("late_result_at")).isAfterOrEqualTo(before.getInstant("completed_at"));
            assertThat(after.copy().putNull("late_result_at")).isEqualTo(before);
            assertThat(results("late") - late).isEqualTo(1);
        }
    }

    @Test
    void reportsWhetherATimedOutCommandMayHaveRun() {
        JsonObject body = CommandOperator.cancelBody("t").put("timeout_seconds", 1);
        String never = operator.issue("cancel-task", body).getString("id");
        JsonObject pending = operator.await(never, 10);
        assertThat(pending.getString("status")).isEqualTo("timeout");
        assertThat(pending.getBoolean("may_have_run")).isFalse();
        assertThat(pending.getValue("dispatched_at")).isNull();
        assertThat(pending.getInstant("completed_at")).isAfterOrEqualTo(pending.getInstant("timeout_at"));
        try (WireAgent agent = enrolled.connect()) {
            CommandSteps.assertNothingReceived(agent);
            assertThat(operator.get(timedOut(agent)).getBoolean("may_have_run")).isTrue();
        }
    }

    @Test
    void cutsAResultThatIsTooLargeAndMarksIt() {
        try (WireAgent agent = enrolled.connect()) {
            String fits = taken(agent);
            String text = "x".repeat(RESULT_LIMIT - 2);
            CommandSteps.complete(agent, fits, text);
            assertThat(operator.get(fits).getString("result")).isEqualTo(text);

            String over = taken(agent);
            CommandSteps.complete(agent, over, "\uD83D\uDE00".repeat(RESULT_LIMIT / 4));
            JsonObject cut = operator.get(over).getJsonObject("result");
            assertThat(cut.getBoolean("cut")).isTrue();
            assertThat(cut.getInteger("bytes")).isEqualTo(RESULT_LIMIT + 2);
            assertThat(cut.getString("start")).startsWith("\"\uD83D\uDE00").hasSizeLessThan(10_000);
        }
    }

    @Test
    void keepsAnErrorOfMaximumLength() {
        try (WireAgent agent = enrolled.connect()) {
            String id = taken(agent);
            CommandSteps.fail(agent, id, "c".repeat(80), "m".repeat(8192));
            assertThat(operator.get(id).getJsonObject("error"))
                    .isEqualTo(new JsonObject().put("code", "c".repeat(80)).put("message", "m".repeat(8192)));
        }
    }

    @Test
    void cutsAnErrorThatIsTooLongAndKeepsTheSessionOpen() {
        try (WireAgent agent = enrolled.connect()) {
            String id = taken(agent);
            CommandSteps.fail(agent, id, "c".repeat(200), "\uD83D\uDE00".repeat(20_000));
            JsonObject error = operator.get(id).getJsonObject("error");
            assertThat(error.getString("code")).isEqualTo("c".repeat(52) + "…[cut: 52 of 200 characters]");
            assertThat(error.getString("message"))
                    .isEqualTo("\uD83D\uDE00".repeat(8160) + "…[cut: 8160 of 20000 characters]");
            CommandSteps.complete(agent, taken(agent), 1);
        }
    }

    /** Returns the time between the agent's result and the answer to the waiting caller, in milliseconds. */
    private double waited(WireAgent agent) {
        String id = taken(agent);
        CompletableFuture<Long> answered = CompletableFuture.supplyAsync(() -> {
            assertThat(operator.await(id, 30).getString("status")).isEqualTo("completed");
            return System.nanoTime();
        });
        // These requests are answered after the wait reached the same brain, so the wait has most likely begun.
        assertThat(operator.status(id)).isEqualTo("dispatched");
        assertThat(operator.await(id, 1).getString("status")).isEqualTo("dispatched");
        CommandSteps.complete(agent, id, 1);
        long stored = System.nanoTime();
        return (answered.join() - stored) / 1e6;
    }

    @Test
    void answersAWaitingCallerAsSoonAsTheCommandEnds() {
        try (WireAgent agent = enrolled.connect()) {
            double millis = waited(agent);
            // The machine may be busy for a moment, but not during every attempt.
            for (int again = 0; again < 5 && millis >= MOMENT_MS; again++) {
                millis = waited(agent);
            }
            System.out.printf("a waiting caller was answered %.1f ms after the agent%n", millis);
            assertThat(millis).isLessThan(MOMENT_MS);
        }
    }

    @Test
    void answersAtOnceIfTheCommandHasEnded() {
        try (WireAgent agent = enrolled.connect()) {
            String id = taken(agent);
            CommandSteps.complete(agent, id, 1);
            long begin = System.nanoTime();
            assertThat(operator.await(id, 60).getString("status")).isEqualTo("completed");
            assertThat((System.nanoTime() - begin) / 1e6).isLessThan(20_000);
        }
    }

    @Test
    void answersAWaitAtItsLimit() {
        String id = operator.cancel("t");
        long begin = System.nanoTime();
        assertThat(operator.await(id, 1).getString("status")).isEqualTo("pending");
        assertThat((System.nanoTime() - begin) / 1e6).isBetween(1_000.0, 20_000.0);
        for (String wrong : new String[] {"-1", "61", "x"}) {
            assertThat(brain.rest()
                            .get(operator.path() + "/" + id + "?wait=" + wrong)
                            .status())
                    .isIn(400, 422);
        }
    }

    @Test
    void timesOutTheCommandOfADeletedAgent() {
        JsonObject body = CommandOperator.cancelBody("t").put("timeout_seconds", 1);
        String id = operator.issue("cancel-task", body).getString("id");
        assertThat(brain.rest().delete(enrolled.path()).status()).isBetween(200, 204);

        Awaitility.await().untilAsserted(() -> assertThat(operator.status(id)).isEqualTo("timeout"));
        assertThat(operator.post("cancel-task", body).status()).isEqualTo(404);
    }
}
