package dev.ganglion.projection;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.event.Events.event;
import static dev.ganglion.event.Events.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.projection.ProjectionChanges.Block;
import dev.ganglion.projection.ProjectionChanges.ChangedTask;
import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskEvents;
import dev.ganglion.projection.run.TaskFilter;
import dev.ganglion.projection.run.TaskQuery;
import dev.ganglion.projection.run.TaskStore;
import dev.ganglion.projection.run.TextPool;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every projection engine promises to projectors and readers. Each engine has a test that extends this one. */
public abstract class ProjectionEngineContract {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final long NOW = RECEIVED.toEpochMilli();
    private static final int SHARDS = 2;

    private final TextPool texts = new TextPool();
    private int entries;

    /** The engine as one of several nodes uses it. */
    protected abstract ProjectionEngine node(String name);

    protected abstract TaskStore reader();

    /** A project that was never projected. */
    protected abstract Place newPlace(int shards);

    /** The counters of a project, without those that are 0. */
    protected abstract Map<String, Long> counts(Place place);

    /** Lets the lease of a project expire. */
    protected abstract void expireLease(Place place);

    /** The largest number of tasks that the engine deletes together. */
    protected abstract int largestUnit();

    protected abstract <T> T await(Future<T> future);

    private static SubjectKey key(String id) {
        return new SubjectKey("celery", id);
    }

    /** A node that holds the lease of a project. */
    private final class Holder {
        private final ProjectionEngine engine;
        private Lease lease;

        private Holder(String node, Place place) {
            this.engine = node(node);
            this.lease = await(engine.acquire(place, LEASE, Duration.ZERO)).orElseThrow();
        }

        private ProjectionChanges changes(int shard) {
            String entry = NOW + "-" + ++entries;
            return new ProjectionChanges(
                    Map.of(shard, new ShardProgress(new ProjectionPosition(entry, 0), entries * 100L)));
        }

        /** Makes a step that applies events of one shard, in this order. */
        @CanIgnoreReturnValue
        private Holder report(int shard, JsonObject... events) {
            ProjectionChanges changes = changes(shard);
            Set<SubjectKey> wanted = new LinkedHashSet<>();
            for (JsonObject event : events) {
                wanted.add(key(event.getString("task_id")));
            }
            Map<SubjectKey, Task> known = await(engine.loadTasks(lease, wanted));
            Map<SubjectKey, Task> tasks = new LinkedHashMap<>(known);
            String entry = Objects.requireNonNull(changes.progress().get(shard))
                    .position()
                    .entry();
            TaskEvents read = new TaskEvents(
                    Json.parse(new JsonArray(List.of(events)).encode()),
                    new TaskEvents.Source(shard, entry, NOW, "agent", "process"),
                    texts);
            for (JsonObject event : events) {
                Task task = tasks.computeIfAbsent(key(event.getString("task_id")), k -> new Task());
                boolean unused = task.apply(Objects.requireNonNull(read.next()), 0);
            }
            wanted.forEach(key -> changes.put(
                    key, new ChangedTask(Objects.requireNonNull(tasks.get(key)), !known.containsKey(key), NOW)));
            return apply(changes);
        }

        @CanIgnoreReturnValue
        private Holder apply(ProjectionChanges changes) {
            assertThat(await(engine.apply(lease, changes, LEASE))).isPresent();
            lease = lease.after(changes);
            return this;
        }
    }

    private List<String> listed(Place place, TaskFilter filter, int limit) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            TaskStore.Page page =
                    await(reader().list(place.projectId(), new TaskQuery(filter, null, null, cursor, limit)));
            assertThat(page.items())
                    .as("a page is full unless the list ends")
                    .satisfiesAnyOf(
                            items -> assertThat(items).hasSize(limit),
                            items -> assertThat(page.nextCursor()).isNull());
            page.items().forEach(item -> ids.add(item.getString("task_id")));
            cursor = page.nextCursor();
        } while (cursor != null);
        return ids;
    }

    private List<String> listed(Place place) {
        return listed(place, TaskFilter.ALL, 100);
    }

    private @Nullable JsonObject view(Place place, String id) {
        return await(reader().find(place.projectId(), key(id)))
                .map(task -> task.view(key(id)))
                .orElse(null);
    }

    private String state(Place place, String id) {
        return Objects.requireNonNull(view(place, id)).getString("state");
    }

    @Test
    void showsTheStateOfATask() {
        Place place = newPlace(SHARDS);
        Holder node = new Holder("one", place).report(0, event("t", "task.started", 9));
        assertThat(state(place, "t")).isEqualTo("started");
        assertThat(counts(place)).containsEntry("s:started", 1L);

        node.report(0, with(event("t", "task.succeeded", 5), "result", "42"));
        assertThat(Objects.requireNonNull(view(place, "t")).getString("result")).isEqualTo("42");
        assertThat(counts(place)).containsEntry("s:success", 1L).doesNotContainKey("s:started");
    }

    @Test
    void keepsTasksInTheOrderOfTheirFirstReports() {
        Place place = newPlace(SHARDS);
        Holder node = new Holder("one", place)
                .report(0, event("b", "task.sent", 5), event("a", "task.sent", 9))
                .report(1, event("c", "task.sent", 7));
        node.report(0, event("b", "task.started", 4));

        assertThat(listed(place)).containsExactly("c", "a", "b");
    }

    @Test
    void mergesATaskThatAgentsOfSeveralShardsReport() {
        Place place = newPlace(3);
        new Holder("one", place)
                .report(0, with(event("t", "task.sent", 9), "queue", "mail"))
                .report(2, with(event("t", "task.started", 5), "worker", "w@1"))
                .report(1, event("t", "task.succeeded", 1));

        assertThat(listed(place)).containsExactly("t");
        JsonObject view = Objects.requireNonNull(view(place, "t"));
        assertThat(view.getString("queue")).isEqualTo("mail");
        assertThat(view.getString("worker_name")).isEqualTo("w@1");
        assertThat(view.getString("state")).isEqualTo("success");
        assertThat(counts(place)).containsOnly(Map.entry("s:success", 1L));
    }

    @Test
    void appliesEachStepOnce() {
        Place place = newPlace(SHARDS);
        Holder node = new Holder("one", place);
        Lease before = node.lease;
        node.report(0, event("t", "task.started", 9));
        ProjectionChanges again = node.changes(0);
        again.count(ProjectionCounts.DUPLICATES, 5);

        assertThat(await(node.engine.apply(before, again, LEASE))).isEmpty();
        assertThat(counts(place)).containsOnly(Map.entry("s:started", 1L));
    }

    @Test
    void oneNodeHoldsTheLease() {
        Place place = newPlace(SHARDS);
        Holder one = new Holder("one", place);
        ProjectionEngine two = node("two");
        assertThat(await(two.acquire(place, LEASE, Duration.ZERO))).isEmpty();

        await(one.engine.release(one.lease));
        assertThat(await(two.acquire(place, LEASE, Duration.ofMinutes(1))))
                .as("another node may have a better claim")
                .isEmpty();
        assertThat(await(two.acquire(place, LEASE, Duration.ZERO))).isPresent();
    }

    @Test
    void aNodeThatLostTheLeaseChangesNothing() {
        Place place = newPlace(SHARDS);
        Holder frozen = new Holder("one", place).report(0, event("t", "task.started", 9));
        expireLease(place);
        Holder other = new Holder("two", place);
        Map<String, Long> before = counts(place);

        assertThat(await(frozen.engine.apply(frozen.lease, frozen.changes(0), LEASE)))
                .isEmpty();
        assertThat(await(frozen.engine.trim(frozen.lease, Long.MAX_VALUE, 0, 0)))
                .isEmpty();
        await(frozen.engine.release(frozen.lease));
        assertThat(counts(place)).isEqualTo(before);
        assertThat(listed(place)).containsExactly("t");
        other.report(0, event("t", "task.failed", 5));
        assertThat(state(place, "t")).isEqualTo("failure");
    }

    @Test
    void anotherNodeTakesOverWhereTheFirstStopped() {
        Place place = newPlace(SHARDS);
        Holder first = new Holder("one", place)
                .report(0, event("a", "task.started", 9))
                .report(1, event("b", "task.started", 9));
        expireLease(place);
        Holder second = new Holder("two", place);

        assertThat(second.lease.step()).isEqualTo(first.lease.step());
        assertThat(second.lease.epoch()).isGreaterThan(first.lease.epoch());
        assertThat(second.lease.progress()).isEqualTo(first.lease.progress());
        second.report(1, event("a", "task.succeeded", 5), event("c", "task.sent", 5));
        assertThat(listed(place)).containsExactly("c", "b", "a");
        assertThat(state(place, "a")).isEqualTo("success");
    }

    @Test
    void aFreshProjectStartsAtTheBeginning() {
        Place place = newPlace(SHARDS);
        assertThat(new Holder("one", place).lease.progress())
                .isEqualTo(Map.of(0, ShardProgress.START, 1, ShardProgress.START));
    }

    @Test
    void loadsOnlyKnownTasks() {
        Place place = newPlace(SHARDS);
        Holder node = new Holder("one", place).report(0, event("t", "task.started", 9));
        assertThat(await(node.engine.loadTasks(node.lease, Set.of(key("t"), key("u")))))
                .containsOnlyKeys(key("t"));
    }

    @Test
    void storesRecordsBlocksAndCounters() {
        Place place = newPlace(SHARDS);
        Holder node = new Holder("one", place);
        BlockField field = new BlockField("m:1", "success");
        ProjectionChanges changes = node.changes(0);
        changes.put(ProjectionTable.WORKERS, "6:celeryw", "{}");
        changes.put(field, new Block("1".getBytes(StandardCharsets.UTF_8), System.currentTimeMillis() + 600_000));
        changes.countEvents("task.sent", NOW, 3);
        node.apply(changes);

        assertThat(await(node.engine.load(
                        node.lease, Map.of(ProjectionTable.WORKERS, Set.of("6:celeryw", "6:celeryv")))))
                .containsEntry(ProjectionTable.WORKERS, Map.of("6:celeryw", "{}"));
        assertThat(await(node.engine.loadBlocks(node.lease, Set.of(field, new BlockField("m:1", "failure")))))
                .containsOnlyKeys(field)
                .hasEntrySatisfying(field, value -> assertThat(value).asString().isEqualTo("1"));
        assertThat(counts(place)).containsOnly(Map.entry("k:task.sent", 3L));

        ProjectionChanges removal = node.changes(0);
        removal.remove(ProjectionTable.WORKERS, "6:celeryw");
        node.apply(removal);
        assertThat(await(node.engine.load(node.lease, Map.of(ProjectionTable.WORKERS, Set.of("6:celeryw")))))
                .containsEntry(ProjectionTable.WORKERS, Map.of());
    }

    private static JsonObject[] events(int count, String kind) {
        JsonObject[] events = new JsonObject[count];
        for (int i = 0; i < count; i++) {
            events[i] = with(event("t" + i, kind, 9), "task_name", "n" + i % 3);
        }
        return events;
    }

    @Test
    void theRetentionDeletesTheOldestTasks() {
        Place place = newPlace(SHARDS);
        int all = largestUnit() * 5;
        int most = largestUnit() * 3;
        Holder node = new Holder("one", place).report(0, events(all, "task.started"));

        long kept = await(node.engine.trim(node.lease, 0, most, Long.MAX_VALUE)).orElseThrow();
        assertThat(kept).isBetween((long) most - largestUnit(), (long) most);
        assertThat(listed(place))
                .hasSize((int) kept)
                .startsWith("t" + (all - 1))
                .doesNotContain("t0");
        assertThat(counts(place)).containsOnly(Map.entry("s:started", kept));
        assertThat(view(place, "t0")).isNull();
    }

    @Test
    void aTaskThatTheRetentionDeletedLivesOnWhenItIsReportedAgain() {
        Place place = newPlace(SHARDS);
        int all = largestUnit() * 3;
        Holder node = new Holder("one", place).report(0, events(all, "task.started"));
        SubjectKey oldest = key("t0");
        Task open = Objects.requireNonNull(
                await(node.engine.loadTasks(node.lease, Set.of(oldest))).get(oldest));
        assertThat(await(node.engine.trim(node.lease, 0, largestUnit(), Long.MAX_VALUE)))
                .isPresent();
        ProjectionChanges changes = node.changes(0);
        changes.put(oldest, new ChangedTask(open, false, NOW));
        node.apply(changes);

        assertThat(listed(place)).startsWith("t0").doesNotHaveDuplicates();
        assertThat(counts(place))
                .containsOnly(Map.entry("s:started", (long) listed(place).size()));
    }

    @Test
    void listsByCombinedFiltersInFullPages() {
        Place place = newPlace(SHARDS);
        Holder node = new Holder("one", place).report(0, events(20, "task.started"));
        node.report(1, event("t3", "task.failed", 5), event("t6", "task.failed", 5), event("t7", "task.failed", 5));
        TaskFilter filter =
                new TaskFilter(Set.of("failure"), Set.of("n0"), Set.of(), Set.of(), Set.of("celery"), Set.of(), null);

        for (int limit : new int[] {1, 2, 50}) {
            assertThat(listed(place, filter, limit)).containsExactly("t6", "t3");
            assertThat(listed(place, TaskFilter.ALL, limit))
                    .hasSize(20)
                    .startsWith("t19")
                    .endsWith("t0");
        }
        assertThat(await(reader().findAll(place.projectId(), "celery", List.of("t3", "t99"))))
                .containsOnlyKeys("t3");
    }

    @Test
    void dropsEverythingOfADeletedProject() {
        Place place = newPlace(SHARDS);
        Holder node = new Holder("one", place).report(0, events(5, "task.started"));
        await(node.engine.drop(place));
        assertThat(listed(place)).isEmpty();
        assertThat(counts(place)).isEmpty();
    }

    /** Compares with the plainest possible projection: one task per id, from all of its events. */
    @Test
    void agreesWithTheTasksThatAllEventsTogetherMake() {
        Place place = newPlace(SHARDS);
        Holder node = new Holder("one", place);
        Map<String, Task> expected = new TreeMap<>();
        Map<String, Long> states = new HashMap<>();
        for (String kind : List.of("task.sent", "task.received", "task.started", "task.failed", "task.succeeded")) {
            for (int shard = 0; shard < SHARDS; shard++) {
                List<JsonObject> events = new ArrayList<>();
                for (int i = shard; i < 30; i += (kind.length() + shard) % 4 + 1) {
                    events.add(event("t" + i, kind, 9_000 - i * 10L));
                }
                node.report(shard, events.toArray(JsonObject[]::new));
            }
        }
        listed(place)
                .forEach(id -> expected.put(
                        id, await(reader().find(place.projectId(), key(id))).orElseThrow()));
        expected.values().forEach(task -> states.merge("s:" + task.state().label(), 1L, Long::sum));
        assertThat(counts(place)).isEqualTo(states);
        assertThat(await(node.engine.loadTasks(
                        node.lease,
                        Set.copyOf(expected.keySet().stream()
                                .map(ProjectionEngineContract::key)
                                .toList()))))
                .hasSize(expected.size())
                .allSatisfy((key, task) -> assertThat(task.view(key))
                        .isEqualTo(
                                Objects.requireNonNull(expected.get(key.name())).view(key)));
    }
}
