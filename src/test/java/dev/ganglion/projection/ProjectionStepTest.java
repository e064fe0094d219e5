package dev.ganglion.projection;

import static dev.ganglion.event.Events.batch;
import static dev.ganglion.event.Events.event;
import static dev.ganglion.event.Events.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.event.Events;
import dev.ganglion.projection.engine.EngineQueue;
import dev.ganglion.projection.engine.EngineWorker;
import dev.ganglion.projection.engine.Schedules;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the projection of a stream, whatever the size of the steps. */
class ProjectionStepTest {
    /** Stores the changes of steps, as the real store does. */
    private static final class Kept {
        private final Map<ProjectionTable, Map<String, String>> records = new EnumMap<>(ProjectionTable.class);
        private final Map<String, Long> births = new TreeMap<>();
        private final Map<String, Long> counts = new TreeMap<>();
        private ProjectionPosition position = ProjectionPosition.START;
        private long birth;

        private Kept() {
            for (ProjectionTable table : ProjectionTable.values()) {
                records.put(table, new HashMap<>());
            }
        }

        private Kept run(List<ProjectionSlice.StoredBatch> stream, int most) {
            while (true) {
                int from = 0;
                while (from < stream.size() && !after(stream.get(from), position)) {
                    from++;
                }
                ProjectionSlice slice = new ProjectionSlice(stream.subList(from, stream.size()), 0, 0);
                if (slice.batches().isEmpty()) {
                    return this;
                }
                ShardStep step = new ShardStep(slice.take(position, -1, most), birth);
                assertThat(step.requiredRecords()).containsOnlyKeys(ProjectionTable.values());
                keep(step.changes(records));
            }
        }

        private static boolean after(ProjectionSlice.StoredBatch batch, ProjectionPosition position) {
            long entry = Long.parseLong(batch.entry().replace("-0", ""));
            long done = Long.parseLong(position.entry().replace("-0", ""));
            return entry > done || (entry == done && position.done() > 0);
        }

        Map<String, String> table(ProjectionTable table) {
            return Objects.requireNonNull(records.get(table));
        }

        private void keep(ShardChanges changes) {
            for (ProjectionTable table : ProjectionTable.values()) {
                table(table).putAll(changes.upserts(table));
            }
            births.putAll(changes.births());
            changes.counts().forEach((what, by) -> counts.merge(what, by, Long::sum));
            position = changes.position();
            birth = changes.birth();
        }

        private List<Object> all() {
            // Some step sizes count a state that tasks only pass through; others do not.
            counts.values().removeIf(count -> count == 0);
            return List.of(records, births, counts, position);
        }
    }

    private static List<ProjectionSlice.StoredBatch> stream(Random random) {
        List<String> kinds = List.of("task.sent", "task.started", "task.failed", "task.succeeded", "worker.heartbeat");
        List<ProjectionSlice.StoredBatch> stream = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            List<JsonObject> events = new ArrayList<>();
            for (int n = random.nextInt(12); n > 0; n--) {
                String kind = kinds.get(random.nextInt(kinds.size()));
                JsonObject event = event("t" + random.nextInt(30), kind, random.nextInt(20_000));
                events.add(with(event, "worker", "w" + random.nextInt(3)));
            }
            stream.add(batch(i + "-0", events));
        }
        return stream;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 11, 50})
    void producesTheSameProjectionInStepsOfAnySize(int most) {
        List<ProjectionSlice.StoredBatch> stream = stream(new Random(most));

        assertThat(new Kept().run(stream, most).all())
                .isEqualTo(new Kept().run(stream, 100_000).all());
    }

    @Test
    void countsTasksByTheirCurrentState() {
        Kept kept = new Kept()
                .run(
                        List.of(
                                batch("1-0", event("a", "task.started", 5), event("b", "task.started", 5)),
                                batch("2-0", event("a", "task.failed", 3), event("a", "task.failed", 2))),
                        1);

        assertThat(kept.counts)
                .containsEntry("s:started", 1L)
                .containsEntry("s:failure", 1L)
                .containsEntry("k:task.failed", 1L)
                .containsEntry("duplicates", 1L);
    }

    @Test
    void numbersTasksInTheOrderOfTheStream() {
        Kept kept = new Kept().run(List.of(batch("1-0", event("b", "task.sent", 1), event("a", "task.sent", 9))), 10);

        assertThat(kept.births.get("6:celeryb")).isLessThan(kept.births.get("6:celerya"));
        assertThat(kept.births.get("6:celeryb")).isEqualTo(TaskOrder.first(Events.RECEIVED.toEpochMilli()));
    }

    @Test
    void readsDepthReportsOfOneQueueAndOfSeveral() {
        JsonObject one = with(with(event("", "queue.depth_report", 9_000), "queue", "mail"), "depth", 7);
        JsonObject several = with(
                event("", "queue.depth_report", 5_000),
                "queues",
                new JsonObject().put("mail", 9).put("media", 2));
        JsonObject late = with(with(event("", "queue.depth_report", 8_000), "queue", "mail"), "depth", 1);
        Kept kept = new Kept().run(List.of(batch("1-0", one, several, late, several)), 10);

        Map<String, String> queues = kept.table(ProjectionTable.QUEUES);
        assertThat(EngineQueue.decode(queues.get("6:celerymail")).depth()).isEqualTo(9);
        assertThat(EngineQueue.decode(queues.get("6:celerymedia")).depth()).isEqualTo(2);
        assertThat(kept.counts).containsEntry("duplicates", 1L);
    }

    @Test
    void listsAQueueThatATaskNamesWithoutADepth() {
        JsonObject sent = with(event("t", "task.sent", 5_000), "queue", "mail");
        JsonObject deep = with(with(event("", "queue.depth_report", 9_000), "queue", "deep"), "depth", 7);
        JsonObject also = with(event("u", "task.sent", 4_000), "queue", "deep");
        Kept kept = new Kept().run(List.of(batch("1-0", sent, deep, also)), 1);

        Map<String, String> queues = kept.table(ProjectionTable.QUEUES);
        assertThat(EngineQueue.decode(queues.get("6:celerymail")).depth()).isEqualTo(-1);
        assertThat(EngineQueue.decode(queues.get("6:celerydeep")).depth()).isEqualTo(7);
    }

    @Test
    void derivesTheStateOfAWorkerFromItsReports() {
        Kept online = new Kept()
                .run(List.of(batch("1-0", worker("worker.online", 9_000), worker("worker.heartbeat", 5_000))), 10);
        Kept offline = new Kept()
                .run(List.of(batch("1-0", worker("worker.offline", 1_000), worker("worker.heartbeat", 5_000))), 10);
        long now = Events.RECEIVED.toEpochMilli();

        assertThat(workerOf(online).state(now)).isEqualTo("online");
        assertThat(workerOf(online).state(now + EngineWorker.SILENCE.toMillis()))
                .isEqualTo("unknown");
        assertThat(workerOf(offline).state(now)).isEqualTo("offline");
    }

    private static JsonObject worker(String kind, long before) {
        return with(event("", kind, before), "worker", "w@1");
    }

    private static EngineWorker workerOf(Kept kept) {
        return EngineWorker.decode(kept.table(ProjectionTable.WORKERS).get("6:celeryw@1"));
    }

    private static JsonObject schedule(String kind, String name, long before) {
        return with(event("", kind, before), "schedule", new JsonObject().put("name", name));
    }

    private static Schedules schedules(JsonObject... events) {
        Kept kept = new Kept().run(List.of(batch("1-0", events)), 1);
        return Schedules.decode(kept.table(ProjectionTable.SCHEDULES).get("6:celeryagent"));
    }

    @Test
    void replacesOlderSchedulesByASnapshot() {
        JsonObject snapshot = with(
                event("", "schedule.snapshot", 5_000),
                "schedules",
                new JsonArray().add(new JsonObject().put("name", "b")).add(new JsonObject().put("name", "c")));

        assertThat(schedules(
                                schedule("schedule.created", "a", 9_000),
                                schedule("schedule.created", "b", 8_000),
                                schedule("schedule.created", "d", 3_000),
                                snapshot)
                        .names())
                .containsExactly("b", "c", "d");
        assertThat(schedules(snapshot, schedule("schedule.deleted", "b", 4_000)).names())
                .containsExactly("c");
        assertThat(schedules(snapshot, schedule("schedule.deleted", "b", 6_000)).names())
                .containsExactly("b", "c");
    }

    private static JsonObject part(String kind, String id, int rows, String... names) {
        JsonArray schedules = new JsonArray();
        for (String name : names) {
            schedules.add(new JsonObject().put("name", name));
        }
        return with(
                event("", "schedule.snapshot", 1_000),
                "external_snapshot_frame",
                new JsonObject()
                        .put("frame_kind", kind)
                        .put("snapshot_id", id)
                        .put("row_count", rows)
                        .put("schedules", schedules));
    }

    @Test
    void replacesSchedulesOnceAPartialSnapshotIsComplete() {
        JsonObject before = schedule("schedule.created", "old", 9_000);

        assertThat(schedules(before, part("rows", "s", 2, "a"), part("rows", "s", 2, "b"))
                        .names())
                .containsExactly("a", "b", "old");
        assertThat(schedules(before, part("rows", "s", 2, "a"), part("rows", "s", 2, "b"), part("terminal", "s", 2))
                        .names())
                .containsExactly("a", "b");
        assertThat(schedules(before, part("rows", "s", 2, "a"), part("terminal", "s", 2))
                        .names())
                .as("a part is missing")
                .containsExactly("a", "old");
    }

    @Test
    void showsTheLastRunOfASchedule() {
        Schedules all = schedules(
                schedule("schedule.created", "a", 9_000),
                schedule("schedule.run_started", "a", 5_000),
                schedule("schedule.updated", "a", 3_000));

        assertThat(all.entries())
                .extractingByKey("a")
                .extracting(entry -> entry.getString("last_run_started_at"))
                .isEqualTo(Events.RECEIVED.minusMillis(5_000).toString());
    }
}
