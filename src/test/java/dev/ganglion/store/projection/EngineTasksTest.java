package dev.ganglion.store.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionChanges.ChangedTask;
import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.segment.IdHash;
import dev.ganglion.projection.segment.Rows;
import dev.ganglion.projection.segment.SegmentLimits;
import dev.ganglion.projection.segment.Segments.Segment;
import dev.ganglion.projection.segment.Terms.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the tasks of a projection in Redis: their rows, records, terms and counts, over steps, takeovers and retention. */
@Timeout(120)
class EngineTasksTest extends EngineTests {
    private static Set<String> set(List<String> ids) {
        return new LinkedHashSet<>(ids);
    }

    @Test
    void storesTasksInTheOrderInWhichTheyAreSeen() {
        Lease lease = report(node1, acquire(node1), "started", set(ids("t", 0, 10)), "task_name", "n", "queue", "q");
        report(node1, lease, "failed", Set.of("t1", "t9", "new"), "exception", "E", "priority", "high");

        Map<String, Task> tasks = verified(IdHash::of);
        assertThat(List.copyOf(tasks.keySet())).startsWith("t0", "t1", "t2").endsWith("t9", "new");
        assertThat(task(tasks, "t1").state().label()).isEqualTo("failure");
        assertThat(task(tasks, "t2").state().label()).isEqualTo("started");
        assertThat(segments()).extracting(Segment::rows).containsExactly(4, 4, 3);
        assertThat(segments()).extracting(Segment::closed).containsExactly(true, true, false);
        assertThat(hash(keys().terms())).containsValues("n", "q", "celery", "high", "agent", "000000000000004d");
    }

    @Test
    void knowsATaskWithoutReadingRedisWhenItIsNew() {
        Lease lease = report(node1, acquire(node1), "started", Set.of("a"));
        redis.call("CONFIG", "RESETSTAT");
        assertThat(load(node1, lease, Set.of("b", "c"))).isEmpty();
        assertThat(redis.call("INFO", "commandstats")).doesNotContain("cmdstat_hmget");
        assertThat(load(node1, lease, Set.of("a", "b"))).containsOnlyKeys(subject("a"));
    }

    @Test
    void anotherNodeTakesOverTheSameTasks() {
        Lease lease = report(node1, acquire(node1), "started", set(ids("t", 0, 9)), "task_name", "n");
        report(node1, lease, "succeeded", Set.of("t3", "t8"), "task_name", "m");

        Lease other = takeOver(node2);
        assertThat(other.step()).isEqualTo(2);
        assertThat(load(node2, other, set(ids("t", 0, 12)))).hasSize(9);
        report(node2, other, "failed", Set.of("t0", "t10"), "task_name", "m");

        Map<String, Task> tasks = verified(IdHash::of);
        assertThat(tasks).hasSize(10);
        assertThat(task(tasks, "t3").state().label()).isEqualTo("success");
        assertThat(task(tasks, "t0").state().label()).isEqualTo("failure");
        assertThat(hash(keys().terms()).values()).containsOnlyOnce("n", "m");
    }

    @Test
    void dropsWholeSegmentsByCountAgeAndBytes() {
        Lease lease = report(node1, acquire(node1), "started", set(ids("t", 0, 22)));
        assertThat(store.await(node1.trim(lease, 0, 22, Long.MAX_VALUE))).contains(22L);
        assertThat(store.await(node1.trim(lease, 0, 17, Long.MAX_VALUE))).contains(14L);
        assertThat(listed()).isEqualTo(ids("t", 8, 22));

        long bytes = segments().stream().mapToLong(Segment::bytes).sum();
        assertThat(store.await(node1.trim(lease, 0, 100, bytes - 1))).contains(10L);
        assertThat(listed()).isEqualTo(ids("t", 12, 22));

        assertThat(store.await(node1.trim(lease, NOW + 1, 100, bytes))).contains(0L);
        assertThat(listed()).isEmpty();
        assertThat(store.keys(place.projectId())).noneMatch(key -> key.contains(":s:"));
        assertThat(report(node1, lease, "started", Set.of("t30"))).isNotNull();
        assertThat(listed()).containsExactly("t30");
    }

    /** Otherwise a full Redis would stay full. */
    @Test
    void takesOverAndDropsSegmentsAlthoughRedisIsFull() {
        report(node1, acquire(node1), "started", set(ids("t", 0, 12)));
        redis.call("CONFIG", "SET", "maxmemory", "1");
        try {
            Lease lease = takeOver(node2);
            assertThat(store.await(node2.trim(lease, 0, 4, Long.MAX_VALUE))).contains(4L);
            store.await(node2.release(lease));
        } finally {
            redis.call("CONFIG", "SET", "maxmemory", "0");
        }
        assertThat(listed()).isEqualTo(ids("t", 8, 12));
    }

    @Test
    void aTaskThatIsReportedAfterItsSegmentWentGetsANewRow() {
        Lease lease = report(node1, acquire(node1), "started", set(ids("t", 0, 8)), "task_name", "n");
        Map<?, Task> kept = load(node1, lease, Set.of("t1"));
        assertThat(store.await(node1.trim(lease, 0, 4, Long.MAX_VALUE))).contains(4L);

        // The projector still has the task in its memory
        Task cached = kept.values().iterator().next();
        ProjectionChanges changes = at("9-0");
        changes.put(subject("t1"), new ChangedTask(apply(cached, "t1", "succeeded"), false, NOW));
        lease = step(node1, lease, changes);
        // The projector does not know this one any more
        assertThat(load(node1, lease, Set.of("t2"))).isEmpty();
        lease = report(node1, lease, "failed", Set.of("t2"));

        Map<String, Task> tasks = verified(IdHash::of);
        assertThat(List.copyOf(tasks.keySet())).containsExactly("t4", "t5", "t6", "t7", "t1", "t2");
        assertThat(task(tasks, "t1").name()).isEqualTo("n");
        report(node1, lease, "retried", Set.of("t1", "t2"));
        assertThat(verified(IdHash::of)).hasSize(6);
    }

    @Test
    void freesTermsWithTheSegmentsThatUsedThem() {
        Lease lease = report(node1, acquire(node1), "started", set(ids("t", 0, 4)), "task_name", "old", "queue", "q");
        lease = report(node1, lease, "started", set(ids("t", 4, 8)), "task_name", "new", "queue", "q");
        assertThat(store.await(node1.trim(lease, 0, 4, Long.MAX_VALUE))).contains(4L);

        assertThat(hash(keys().terms()).values()).contains("new", "q").doesNotContain("old");
        assertThat(hash(keys().lease())).containsEntry("freed", "1");
        assertThat(verified(IdHash::of)).hasSize(4);
    }

    @Test
    void storesTasksBeyondTheLargestDictionary() {
        SegmentLimits large = SegmentLimits.of(Duration.ofDays(7), 1_000_000, 1L << 40);
        RedisProjectionEngine engine = engine("node-1", large, IdHash::of);
        Lease lease = acquire(engine);
        for (int at = 0; at < 66_000; at += 2_000) {
            ProjectionChanges changes = at("5-0");
            for (String id : ids("", at, at + 2_000)) {
                changes.put(
                        subject(id),
                        new ChangedTask(apply(new Task(), id, "started", "task_name", "n" + id), true, NOW));
            }
            lease = step(engine, lease, changes);
        }
        assertThat(hash(keys().terms()).keySet().stream().filter(field -> field.startsWith("name:")))
                .hasSize(65_534);
        List<Segment> segments = segments();
        Rows last = rows(segments.get(segments.size() - 1).number());
        assertThat(last.name(last.count() - 1)).isEqualTo(65_535);

        assertThat(store.await(engine.trim(lease, 0, 62_000, Long.MAX_VALUE))).isPresent();
        lease = takeOver(node2);
        report(node2, lease, "started", Set.of("fresh"), "task_name", "reused");
        assertThat(terms().find(Kind.NAME, "reused")).isBetween(1, 4_095);
    }

    /** A step of random reports of few tasks, with takeovers and retention, agrees with a map of tasks at any time. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3, Long.MAX_VALUE})
    void agreesWithAMapOfTasks(long differentHashes) {
        ToLongFunction<String> hash = key -> Math.floorMod(IdHash.of(key), differentHashes);
        RedisProjectionEngine[] nodes = {engine("node-1", LIMITS, hash), engine("node-2", LIMITS, hash)};
        Random random = new Random(differentHashes);
        RedisProjectionEngine node = nodes[0];
        Lease lease = acquire(node);
        Map<String, Task> expected = new HashMap<>();
        List<String> kinds = List.of("sent", "received", "started", "retried", "failed", "succeeded");
        for (int step = 0; step < 60; step++) {
            Set<String> ids = new LinkedHashSet<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                ids.add("t" + (step / 4 + random.nextInt(15)));
            }
            lease = report(node, lease, kinds.get(random.nextInt(kinds.size())), ids, "queue", "q" + step % 5);
            load(node, lease, ids).forEach((subject, task) -> expected.put(subject.name(), task));
            if (random.nextInt(4) == 0) {
                assertThat(store.await(node.trim(lease, 0, 12, Long.MAX_VALUE))).isPresent();
            }
            if (random.nextInt(6) == 0) {
                node = nodes[random.nextInt(2)];
                lease = takeOver(node);
            }
            Map<String, Task> stored = verified(hash);
            expected.keySet().retainAll(stored.keySet());
            assertThat(stored.keySet()).isEqualTo(expected.keySet());
            stored.forEach((id, task) ->
                    assertThat(task.encode()).isEqualTo(task(expected, id).encode()));
            List<String> known = new ArrayList<>(stored.keySet());
            known.add("unknown");
            assertThat(load(node, lease, Set.copyOf(known))).hasSize(stored.size());
        }
    }
}
