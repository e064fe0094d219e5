package dev.ganglion.projection.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.failure.Fingerprint;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.run.TaskEvents;
import dev.ganglion.projection.run.TextPool;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which totals the reports of tasks give, in any order and in any steps. */
class ProjectTotalsTest {
    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final long RECEIVED_MS = NOON.toEpochMilli() + 60_000;

    private final Node node = new Node();

    /** A report of a process, some milliseconds after noon. */
    private record Report(String process, JsonObject event) {
        static Report of(String task, String kind, long afterMs) {
            return new Report(
                    "process-1",
                    new JsonObject()
                            .put("id", UUID.randomUUID().toString())
                            .put("engine", "celery")
                            .put("task_id", task)
                            .put("kind", "task." + kind)
                            .put("occurred_at", NOON.plusMillis(afterMs).toString())
                            .put("data", new JsonObject()));
        }

        Report with(String key, Object value) {
            JsonObject copy = event.copy();
            copy.getJsonObject("data").put(key, value);
            return new Report(process, copy);
        }

        Report by(String other, String id, long laterMs) {
            Instant time = Instant.parse(event.getString("occurred_at")).plusMillis(laterMs);
            return new Report(other, event.copy().put("id", id).put("occurred_at", time.toString()));
        }

        TaskEvent read() {
            TaskEvents.Source source = new TaskEvents.Source(0, "1-0", RECEIVED_MS, "agent", process);
            Json array = Json.parse(new JsonArray().add(event).encode());
            return Objects.requireNonNull(new TaskEvents(array, source, new TextPool()).next());
        }
    }

    /** Projects reports as a node does, and stores the totals. */
    private static final class Node {
        private final Map<SubjectKey, Task> tasks = new HashMap<>();
        private final Map<BlockField, byte[]> stored = new HashMap<>();
        private ProjectTotals totals = totals();

        private static ProjectTotals totals() {
            return new ProjectTotals(1 << 20, agent -> "1.13.0");
        }

        void takeOver() {
            totals = totals();
            tasks.replaceAll((key, task) -> Task.decode(task.encode()));
        }

        void step(Report... reports) {
            step(List.of(reports));
        }

        void step(List<Report> reports) {
            Set<SubjectKey> touched = new HashSet<>();
            for (Report report : reports) {
                TaskEvent event = report.read();
                SubjectKey key = event.task();
                Task task = tasks.computeIfAbsent(key, k -> new Task());
                if (touched.add(key)) {
                    totals.before(key, task);
                }
                boolean unused = task.apply(event, fingerprint(report.event()));
            }
            touched.forEach(key -> totals.after(key, Objects.requireNonNull(tasks.get(key)), RECEIVED_MS));
            end();
        }

        void end() {
            for (Set<BlockField> wanted = totals.wanted(); !wanted.isEmpty(); wanted = totals.wanted()) {
                Map<BlockField, byte[]> found = new HashMap<>(stored);
                found.keySet().retainAll(wanted);
                totals.load(found);
            }
            ProjectionChanges changes = new ProjectionChanges(Map.of());
            totals.write(changes);
            changes.blocks().forEach((name, block) -> stored.put(name, block.value()));
        }

        private static long fingerprint(JsonObject event) {
            return event.getString("kind").equals("task.failed")
                    ? Fingerprint.of("t", event.getJsonObject("data").getString("exception"), null)
                            .value()
                    : 0;
        }

        /** All totals of tasks and queues, as text. Blocks without any total are left out. */
        Map<BlockField, String> dump() {
            Map<BlockField, String> dump = new HashMap<>();
            stored.forEach((name, value) -> {
                if (RollUpLevel.of(name.block()) != null && value.length > 1) {
                    dump.put(name, HexFormat.of().formatHex(value));
                }
            });
            return dump;
        }

        /** The numbers of transitions by task name and kind, and facts of queues, per minute. */
        Map<String, Long> counts() {
            Map<String, Long> counts = new TreeMap<>();
            stored.forEach((name, value) -> {
                if (RollUpLevel.of(name.block()) == RollUpLevel.MINUTE) {
                    RollUpReader.read(name, value, new Counter(counts));
                }
            });
            return counts;
        }
    }

    private record Counter(Map<String, Long> counts) implements RollUpReader.Visitor {
        @Override
        public void tasks(String name, String queue, long atMs, RollUpReader.TaskCounts found) {
            for (TransitionKind kind : TransitionKind.values()) {
                add(name + " " + kind.label(), found.count(kind));
            }
            DurationHistogram runtimes = new DurationHistogram();
            found.addRuntimesTo(runtimes);
            add(name + " ran", runtimes.count());
            add(name + " ran ms", found.runtimeSum());
        }

        @Override
        public void queue(String engine, String queue, long atMs, RollUpReader.QueueFacts facts) {
            DurationHistogram waits = new DurationHistogram();
            facts.addWaitsTo(waits);
            add(queue + " entered", facts.entered());
            add(queue + " left", facts.left());
            add(queue + " waits", waits.count());
            add(queue + " longest wait", Math.max(0, waits.longest()));
        }

        @Override
        public void workers(long atMs, int busy, int online) {
            add("busy", busy);
            add("online", Math.max(0, online));
        }

        @Override
        public void failures(String fingerprint, long atMs, long failures) {
            add("failures", failures);
        }

        private void add(String what, long count) {
            if (count != 0) {
                counts.merge(what, count, Long::sum);
            }
        }
    }

    private static Report received(String task) {
        return Report.of(task, "received", 0).with("task_name", "shop.charge").with("queue", "mail");
    }

    @Test
    void countsTheRunOfATask() {
        node.step(
                Report.of("t", "sent", 0),
                received("t").by("process-1", UUID.randomUUID().toString(), 10));
        node.step(Report.of("t", "started", 30).with("worker", "w1"));
        node.step(Report.of("t", "succeeded", 50).with("runtime", 0.02).with("worker", "w1"));

        assertThat(node.counts())
                .isEqualTo(Map.ofEntries(
                        Map.entry("shop.charge sent", 1L),
                        Map.entry("shop.charge received", 1L),
                        Map.entry("shop.charge started", 1L),
                        Map.entry("shop.charge succeeded", 1L),
                        Map.entry("shop.charge ran", 1L),
                        Map.entry("shop.charge ran ms", 20L),
                        Map.entry("mail entered", 1L),
                        Map.entry("mail left", 1L),
                        Map.entry("mail waits", 2L),
                        Map.entry("mail longest wait", 20L),
                        Map.entry("busy", 1L)));
    }

    @Test
    void aNameThatIsReportedLaterCorrectsWhatWasCountedWithoutIt() {
        node.step(Report.of("t", "started", 10));
        assertThat(node.counts()).isEqualTo(Map.of(" started", 1L));

        node.step(received("t"));
        assertThat(node.counts()).containsEntry("shop.charge started", 1L).doesNotContainKey(" started");
    }

    @Test
    void reportsOfSeveralProcessesCountOnce() {
        Report one = received("t");
        node.step(one);
        node.step(one.by("process-2", UUID.randomUUID().toString(), 145), one);
        node.step(one.by("process-3", UUID.randomUUID().toString(), -90));

        assertThat(node.counts()).containsEntry("shop.charge received", 1L);
    }

    @Test
    void countsFailuresOfEachRun() {
        node.step(
                received("t"),
                Report.of("t", "started", 10),
                Report.of("t", "failed", 20).with("exception", "ValueError: 1"),
                Report.of("t", "started", 20_000),
                Report.of("t", "failed", 20_010).with("exception", "ValueError: 2"));
        node.step(Report.of("t", "started", 40_000), Report.of("t", "succeeded", 40_010));

        assertThat(node.counts())
                .containsEntry("failures", 2L)
                .containsEntry("shop.charge failed", 2L)
                .containsEntry("shop.charge ran", 3L);
        FailureGroup group = Objects.requireNonNull(node.totals
                .groups()
                .find(Fingerprint.of("t", "ValueError: 9", null).value()));
        assertThat(group.total()).isEqualTo(2);
        assertThat(group.agentVersions()).isEqualTo(Map.of("1.13.0", 2L));
        assertThat(group.parts().type()).isEqualTo("ValueError");
    }

    @Test
    void countsDepthsAndWorkersThatSurveysFind() {
        node.totals.depth(new SubjectKey("celery", "mail"), 12, RECEIVED_MS);
        node.totals.surveyed(
                new ProjectionEngine.Survey(Map.of("rq|a|b", 3L), Map.of("rq", 2, "celery", 5), Set.of(), Set.of()),
                RECEIVED_MS);
        node.end();
        List<String> depths = new ArrayList<>();
        node.stored.forEach((name, value) -> RollUpReader.read(name, value, new RollUpReader.Visitor() {
            @Override
            public void queue(String engine, String queue, long atMs, RollUpReader.QueueFacts facts) {
                depths.add(engine + "/" + queue + "=" + facts.lastDepth());
            }
        }));

        assertThat(node.counts()).containsEntry("online", 7L);
        assertThat(depths).containsOnly("celery/mail=12", "rq/a|b=3").hasSize(4);
    }

    /** The reports of some tasks by four processes with skewed clocks. */
    private static List<Report> reports(Random random) {
        List<Report> reports = new ArrayList<>();
        for (int task = 0; task < 20; task++) {
            long at = random.nextInt(50_000);
            for (int run = 0; run < 1 + random.nextInt(2); run++) {
                String end = List.of("succeeded", "failed", "revoked").get(random.nextInt(3));
                for (String kind : List.of("sent", "received", "started", end)) {
                    at += random.nextInt(2_000);
                    Report report = Report.of("t" + task, kind, at)
                            .with("exception", "ValueError: " + run)
                            .with("worker", "w" + task % 3);
                    if (kind.equals("received")) {
                        report = report.with("task_name", "name" + task % 4).with("queue", "q" + task % 2);
                    } else if (kind.equals(end)) {
                        report = report.with("runtime", random.nextInt(5_000) / 1_000.0);
                    }
                    for (int process = 0; process < 1 + random.nextInt(4); process++) {
                        String id = new UUID(random.nextLong(), random.nextLong()).toString();
                        reports.add(report.by("process-" + process, id, random.nextInt(300)));
                    }
                }
                at += 10_000;
            }
        }
        Collections.shuffle(reports, random);
        return reports;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shuffledReportsInAnyStepsGiveTheSameTotals(long seed) {
        Random random = new Random(seed);
        List<Report> reports = reports(random);
        node.step(reports);
        Collections.shuffle(reports, random);
        Node other = new Node();
        int at = 0;
        while (at < reports.size()) {
            int end = Math.min(reports.size(), at + 1 + random.nextInt(8));
            other.step(reports.subList(at, end));
            at = end;
            if (random.nextInt(6) == 0) {
                other.takeOver();
            }
        }

        assertThat(other.counts()).isEqualTo(node.counts());
        assertThat(other.dump()).isEqualTo(node.dump());
    }
}
