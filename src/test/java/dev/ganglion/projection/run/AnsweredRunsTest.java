package dev.ganglion.projection.run;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.projection.run.Reports.report;
import static dev.ganglion.projection.run.Reports.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.run.Reports.Report;
import dev.ganglion.projection.task.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that what an agent answered to a question of the brain ends a run, and that every report of a worker wins. */
class AnsweredRunsTest {
    private static final String BRAIN = TaskReports.BRAIN;

    private final Report started = report("a", "started", 60_000);
    private final Report answer = report(BRAIN, "failed", 30_000).with("exception", "E: told");

    /** Applies the reports in all orders of three. */
    private static List<Task> inAllOrders(Report a, Report b, Report c) {
        return List.of(task(a, b, c), task(a, c, b), task(b, a, c), task(b, c, a), task(c, a, b), task(c, b, a));
    }

    @Test
    void anAnswerEndsTheRun() {
        Task task = task(started);
        task.markLost(1, "worker_absent");
        assertThat(task.apply(Reports.read(answer))).isTrue();

        assertThat(task.state()).isEqualTo(TaskState.FAILURE);
        assertThat(task.exception()).isEqualTo("E: told");
        assertThat(task.finishedMs()).isEqualTo(RECEIVED.toEpochMilli() - 30_000);
        assertThat(task.lostReason()).isNull();
        assertThat(Task.decode(task.encode()).state()).isEqualTo(TaskState.FAILURE);
    }

    @Test
    void anEndThatAWorkerReportsWinsWhetherItIsEarlierOrLater() {
        for (long before : List.of(50_000L, 31_000L, 30_000L, 29_000L, 5_000L)) {
            Report ended = report("a", "succeeded", before).with("result", "42");
            for (Task task : inAllOrders(started, answer, ended)) {
                assertThat(task.state()).as("ended %d ms ago", before).isEqualTo(TaskState.SUCCESS);
                assertThat(task.finishedMs()).isEqualTo(RECEIVED.toEpochMilli() - before);
                assertThat(task.exception()).isNull();
                assertThat(task.runs()).hasSize(1);
            }
        }
    }

    @Test
    void theSameEndByAWorkerGivesTheDetails() {
        Report ended = report("a", "failed", 29_500).with("exception", "E: seen");
        for (Task task : inAllOrders(started, answer, ended)) {
            assertThat(task.exception()).isEqualTo("E: seen");
            assertThat(task.finishedMs()).isEqualTo(RECEIVED.toEpochMilli() - 29_500);
        }
    }

    @Test
    void aRetryThatAWorkerReportsLaterOpensTheRunAgain() {
        for (Task task : inAllOrders(started, answer, report("a", "retried", 10_000))) {
            assertThat(task.state()).isEqualTo(TaskState.RETRY);
            assertThat(task.finishedMicros()).isNull();
        }
    }

    @Test
    void aLaterStartBeginsTheNextRun() {
        for (Task task : inAllOrders(started, answer, report("a", "started", 10_000))) {
            assertThat(task.state()).isEqualTo(TaskState.STARTED);
            assertThat(task.runs()).extracting(TaskRun::state).containsExactly(TaskState.FAILURE, TaskState.STARTED);
        }
    }

    @Test
    void listsTheReportsOfTheLastStart() {
        Report again = report("a", "started", 10_000);
        Task task = task(started, answer, again, again.by("b", 1_000));

        assertThat(task.lastStart())
                .extracting(StartReport::process)
                .containsExactly(TextHash.of("a"), TextHash.of("b"));
        assertThat(task.lastStart()).extracting(StartReport::heardMs).containsOnly(RECEIVED.toEpochMilli());
        assertThat(task(report("a", "received", 0)).lastStart()).isEmpty();
    }
}
