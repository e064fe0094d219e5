package dev.ganglion.projection.run;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.projection.run.Reports.SUBJECT;
import static dev.ganglion.projection.run.Reports.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.run.Reports.Report;
import dev.ganglion.projection.task.TaskState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that four processes, whose clocks differ and whose reports arrive late, twice, in any order or not at all, give
 * the same projection in any order of arrival. Each failure names its seed.
 */
class ReportOrderTest {
    private static final List<String> PROCESSES = List.of("worker-1", "worker-2", "worker-3", "worker-4");
    private static final List<String> ENDS = List.of("succeeded", "failed", "revoked", "rejected");
    private static final int ROUNDS = 10;
    private static final int ORDERS = 4;

    /** What happened to a task, as its processes report it. */
    private record History(List<Report> reports, int runs, int retriesOfLastRun, TaskState state, boolean ended) {}

    private static LongStream seeds() {
        return LongStream.rangeClosed(1, 30);
    }

    /**
     * One to three runs of up to six attempts. Attempts, and further runs, may follow within a few milliseconds.
     *
     * @param loss how many of a hundred reports are lost
     */
    private static History history(Random random, int loss) {
        long[] skews = PROCESSES.stream()
                .mapToLong(p -> random.nextBoolean() ? 0 : random.nextInt(5_000) - 2_500)
                .toArray();
        List<Report> reports = new ArrayList<>();
        long before = 350_000;
        int runs = 1 + random.nextInt(3);
        int retries = 0;
        boolean ended = false;
        String last = "sent";
        for (int run = 0; run < runs; run++) {
            retries = random.nextInt(6);
            ended = run < runs - 1 || random.nextBoolean();
            for (int attempt = 0; attempt <= retries; attempt++) {
                List<String> kinds = new ArrayList<>(List.of("received", "started"));
                if (attempt < retries) {
                    kinds.add("retried");
                } else if (ended) {
                    kinds.add(ENDS.get(random.nextInt(ENDS.size())));
                }
                for (String kind : kinds) {
                    before -= 1 + random.nextInt(random.nextInt(4) == 0 ? 12_000 : 300);
                    last = kind;
                    reportBy(reports, random, skews, loss, filled(random, report("", kind, before)));
                }
            }
        }
        return new History(reports, runs, retries, TaskState.of("task." + last), ended);
    }

    private static void reportBy(List<Report> reports, Random random, long[] skews, int loss, Report report) {
        for (int p = 0; p < PROCESSES.size(); p++) {
            if (random.nextInt(100) >= loss) {
                Report copy = report.by(PROCESSES.get(p), skews[p]);
                copy.event().put("id", new UUID(random.nextLong(), random.nextLong()).toString());
                reports.add(copy);
            }
        }
    }

    /** Adds answers to questions of the brain, which may come at any time. */
    private static List<Report> withAnswers(Random random, List<Report> reports) {
        List<Report> all = new ArrayList<>(reports);
        for (int i = random.nextInt(4); i > 0; i--) {
            Report answer = report(TaskReports.BRAIN, ENDS.get(random.nextInt(2)), random.nextInt(350_000));
            answer.event().put("id", new UUID(random.nextLong(), random.nextLong()).toString());
            all.add(filled(random, answer));
        }
        return all;
    }

    private static Report filled(Random random, Report report) {
        for (String field : List.of("task_name", "queue", "worker", "args", "result", "exception", "traceback")) {
            if (random.nextBoolean()) {
                report.with(field, field + random.nextInt(5));
            }
        }
        if (random.nextBoolean()) {
            report.with("runtime", random.nextInt(100) / 8.0).with("priority", random.nextInt(10));
        }
        return report;
    }

    /** Applies the reports in a random order, some of them twice, and in part from a decoded record. */
    private static Task shuffled(Random random, List<Report> reports, boolean delayed) {
        List<Report> order = new ArrayList<>(reports);
        for (Report report : reports) {
            if (random.nextInt(4) == 0) {
                order.add(report);
            }
        }
        Collections.shuffle(order, random);
        Task task = new Task();
        for (Report report : order) {
            long entry = RECEIVED.toEpochMilli() + (delayed ? random.nextInt(60_000) : 0);
            boolean unused = task.apply(Reports.read(report, entry + "-" + (delayed ? random.nextInt(9) : 0)));
            if (random.nextInt(8) == 0) {
                task = Task.decode(task.encode());
            }
        }
        return task;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesTheSameRecordInAnyOrderOfArrival(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<Report> reports = withAnswers(random, history(random, 30).reports());
            byte[] wanted = Reports.task(reports).encode();
            for (int order = 0; order < ORDERS; order++) {
                assertThat(shuffled(random, reports, false).encode())
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(wanted);
            }
        }
    }

    /** A report that is later than all others takes a short way; a decoded record derives everything anew. */
    @ParameterizedTest
    @MethodSource("seeds")
    void derivesTheSameReportByReportAsFromAllReportsAtOnce(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2; round++) {
            List<Report> reports = new ArrayList<>(history(random, 60).reports());
            reports.sort(Comparator.comparing(report -> report.event().getString("occurred_at")));
            Task task = new Task();
            for (int known = 1; known <= reports.size(); known++) {
                assertThat(task.apply(Reports.read(reports.get(known - 1)))).isTrue();
                List<Report> latestFirst = new ArrayList<>(reports.subList(0, known));
                Collections.reverse(latestFirst);
                Task decoded = Task.decode(task.encode());

                assertThat(decoded.view(SUBJECT))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(task.view(SUBJECT));
                assertThat(decoded.runs()).as("seed %d, round %d", seed, round).isEqualTo(task.runs());
                assertThat(Reports.task(latestFirst).encode())
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(task.encode());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesTheSameViewWhereverTheReportsAreStored(long seed) {
        Random random = new Random(-seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<Report> reports = withAnswers(random, history(random, 30).reports());
            Task wanted = Reports.task(reports);
            for (int order = 0; order < ORDERS; order++) {
                Task task = shuffled(random, reports, true);

                assertThat(task.view(SUBJECT))
                        .as("seed %d, round %d", -seed, round)
                        .isEqualTo(wanted.view(SUBJECT));
                assertThat(task.runs()).as("seed %d, round %d", -seed, round).isEqualTo(wanted.runs());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void showsWhatHappenedIfNoReportIsLost(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            History history = history(random, 0);
            Task task = shuffled(random, history.reports(), true);

            assertThat(task.runs()).as("seed %d, round %d", seed, round).hasSize(history.runs());
            assertThat(task.retries()).as("seed %d, round %d", seed, round).isEqualTo(history.retriesOfLastRun());
            assertThat(task.state()).as("seed %d, round %d", seed, round).isEqualTo(history.state());
            assertThat(task.finishedMicros() != null)
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(history.ended());
        }
    }
}
