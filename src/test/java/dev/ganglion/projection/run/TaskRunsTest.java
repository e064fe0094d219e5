package dev.ganglion.projection.run;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.projection.run.Reports.report;
import static dev.ganglion.projection.run.Reports.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.run.Reports.Report;
import dev.ganglion.projection.task.TaskState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which reports are one transition, and which transitions make a run. */
class TaskRunsTest {
    private static long micros(long millisBefore) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, RECEIVED) - millisBefore * 1_000;
    }

    private static List<Integer> transitions(Task task) {
        return task.positions().stream().map(ReportPosition::transition).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "sent, pending",
        "received, received",
        "started, started",
        "retried, retry",
        "succeeded, success",
        "failed, failure",
        "revoked, revoked",
        "rejected, rejected",
        "odd, unknown"
    })
    void derivesTheStateFromTheKind(String kind, String state) {
        assertThat(task(report("a", kind, 0)).state().label()).isEqualTo(state);
    }

    @Test
    void joinsTheReportsOfSeveralProcessesWithinFiveSeconds() {
        Report retried = report("a", "retried", 9_000);
        Task task = task(retried, retried.by("b", 145), retried.by("c", 146), retried.by("d", 5_000));

        assertThat(transitions(task)).containsExactly(0, 0, 0, 0);
        assertThat(task.retries()).isEqualTo(1);
    }

    @Test
    void separatesTheReportsOfTwoProcessesAfterFiveSeconds() {
        Report retried = report("a", "retried", 9_000);

        assertThat(task(retried, retried.by("b", 5_001)).retries()).isEqualTo(2);
    }

    @Test
    void countsTwoReportsByTheSameProcessWithinASecondAsTwoTransitions() {
        Report retried = report("a", "retried", 9_000);

        assertThat(task(retried, retried.by("a", 1), retried.by("a", 0)).retries())
                .isEqualTo(3);
    }

    @Test
    void joinsTheNthReportsOfProcessesWhoseClocksDiffer() {
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Report retried = report("a", "retried", 9_000 - 400 * i);
            reports.addAll(List.of(retried, retried.by("b", 2_000), retried.by("c", -1_500)));
        }

        assertThat(task(reports).retries()).isEqualTo(3);
    }

    @Test
    void keepsTheReportsOfOneProcessInTheOrderOfTransitions() {
        Report first = report("a", "retried", 9_000);
        Report second = report("a", "retried", 8_000);
        Task task = task(first, second, second.by("b", 500), second.by("b", 600));

        assertThat(transitions(task)).containsExactly(0, 1, 0, 1);
    }

    @Test
    void ignoresARepeatedEventId() {
        Report started = report("a", "started", 4_000);
        Report other = report("b", "failed", 1_000);
        other.event().put("id", started.event().getString("id"));
        Task task = task(started);

        assertThat(task.apply(Reports.read(started))).isFalse();
        assertThat(task.apply(Reports.read(other))).isFalse();
        assertThat(task.state()).isEqualTo(TaskState.STARTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sent", "received", "started", "retried", "odd"})
    void keepsTheEndAfterTheFirstReportsOfAnotherProcess(String kind) {
        Task task = task(report("a", "failed", 9_000), report("b", kind, 4_000));

        assertThat(task.state()).isEqualTo(TaskState.FAILURE);
        assertThat(task.finishedMicros()).isEqualTo(micros(9_000));
        assertThat(task.runs()).hasSize(1);
    }

    @Test
    void beginsARunWithAStartMoreThanFiveSecondsAfterTheEnd() {
        Task task = task(report("a", "started", 20_000), report("a", "failed", 15_000), report("b", "started", 9_999));

        assertThat(task.state()).isEqualTo(TaskState.STARTED);
        assertThat(task.finishedMicros()).isNull();
        assertThat(task.exception()).isNull();
        assertThat(task.runs()).extracting(TaskRun::state).containsExactly(TaskState.FAILURE, TaskState.STARTED);
        assertThat(task.runs().get(0).finishedMicros()).isEqualTo(micros(15_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"started", "received"})
    void beginsARunWithAFurtherReportFromTheSameProcess(String kind) {
        Task task = task(report("a", kind, 20_000), report("a", "succeeded", 19_900), report("a", kind, 19_800));

        assertThat(task.state().label()).isEqualTo(kind);
        assertThat(task.finishedMicros()).isNull();
        assertThat(task.runs()).hasSize(2);
    }

    @Test
    void beginsARunIfAnyProcessOfTheTransitionStartedTheTaskBefore() {
        Report again = report("b", "started", 11_000);
        Task first = task(report("a", "started", 20_000), report("a", "failed", 12_000), again);
        Task second = task(report("a", "started", 20_000), report("a", "failed", 12_000), again, again.by("a", 500));

        assertThat(first.state()).isEqualTo(TaskState.FAILURE);
        assertThat(second.state()).isEqualTo(TaskState.STARTED);
        assertThat(second.startedMicros()).isEqualTo(micros(11_000));
    }

    @Test
    void endsTheSecondRun() {
        Task task = task(
                report("a", "received", 30_000),
                report("a", "started", 29_000),
                report("a", "failed", 28_000).with("exception", "E"),
                report("a", "received", 27_000),
                report("a", "started", 26_500),
                report("a", "succeeded", 26_000).with("result", 7));

        assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
        assertThat(task.receivedMicros()).isEqualTo(micros(27_000));
        assertThat(task.startedMicros()).isEqualTo(micros(26_500));
        assertThat(task.finishedMicros()).isEqualTo(micros(26_000));
        assertThat(task.runtimeMs()).isEqualTo(500);
        assertThat(task.result()).isEqualTo("7");
        assertThat(task.exception()).isNull();
        assertThat(task.runs()).hasSize(2);
    }

    @Test
    void countsAReceiptBetweenTwoRunsToTheSecond() {
        Task task = task(
                report("a", "received", 30_000),
                report("a", "started", 29_000),
                report("a", "failed", 28_000),
                report("b", "received", 20_000),
                report("b", "started", 19_000));

        assertThat(task.receivedMicros()).isEqualTo(micros(20_000));
        assertThat(task.runs().get(0).receivedMicros()).isEqualTo(micros(30_000));
    }

    @Test
    void replacesTheOutcomeOfARunByALaterFinalReport() {
        Task task = task(
                report("a", "started", 9_000),
                report("a", "succeeded", 3_000).with("result", "R"),
                report("a", "failed", 5_000).with("exception", "E"));

        assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
        assertThat(task.result()).isEqualTo("R");
        assertThat(task.exception()).isNull();
        assertThat(task.runs()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"revoked, revoked", "rejected, rejected"})
    void endsWithARevocationOrARejection(String kind, String state) {
        Task task =
                task(report("a", "received", 9_000), report("a", kind, 8_000).with("reason", "terminated"));

        assertThat(task.state().label()).isEqualTo(state);
        assertThat(task.exception()).isEqualTo("terminated");
        assertThat(task.finishedMs()).isEqualTo(RECEIVED.minusMillis(8_000).toEpochMilli());
    }

    @Test
    void passesThroughReceivedAndStartedAgainAfterARetry() {
        List<Report> reports = new ArrayList<>(List.of(
                report("a", "received", 9_000),
                report("a", "started", 8_900),
                report("a", "retried", 8_800).with("exception", "again")));

        assertThat(task(reports).state()).isEqualTo(TaskState.RETRY);
        assertThat(task(reports).exception()).isEqualTo("again");
        reports.add(report("a", "sent", 8_750));
        assertThat(task(reports).state()).isEqualTo(TaskState.RETRY);
        reports.add(report("a", "received", 8_700));
        assertThat(task(reports).state()).isEqualTo(TaskState.RECEIVED);
        assertThat(task(reports).exception()).isNull();
        reports.add(report("a", "started", 8_600));
        reports.add(report("a", "succeeded", 8_500));
        Task over = task(reports);
        assertThat(over.state()).isEqualTo(TaskState.SUCCESS);
        assertThat(over.retries()).isEqualTo(1);
        assertThat(over.receivedMicros()).isEqualTo(micros(9_000));
        assertThat(over.startedMicros()).isEqualTo(micros(8_600));
        assertThat(over.runs()).hasSize(1);
    }

    @Test
    void countsTheRetriesThatFourProcessesReport() {
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            for (String kind : List.of("received", "started", "retried")) {
                Report report = report("a", kind, 59_000 - 300 * i + 50 * kind.length());
                reports.addAll(List.of(report, report.by("b", 150), report.by("c", -90), report.by("d", 1_900)));
            }
        }

        assertThat(task(reports).retries()).isEqualTo(18);
    }

    @Test
    void showsTheLatestOfManyReports() {
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            reports.add(report("a", i % 2 == 0 ? "started" : "failed", 1_000L * (1_000 - i)));
        }
        Task task = task(reports);

        assertThat(task.positions()).hasSize(TaskReports.MAX);
        assertThat(task.runs()).hasSize(TaskReports.MAX / 2);
        assertThat(task.state()).isEqualTo(TaskState.FAILURE);
        assertThat(task.apply(Reports.read(reports.get(0)))).isFalse();
        assertThat(task.encode()).hasSizeLessThan(6_000);
    }
}
