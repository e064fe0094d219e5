package dev.ganglion.store.projection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionChanges.Block;
import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.ProjectionTable;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests what a step stores beside tasks, and the removal of a projection. */
@Timeout(60)
class EngineValuesTest extends EngineTests {
    private static final BlockField MINUTE = new BlockField("m:1", "name");
    private static final BlockField GROUP = new BlockField("groups", "g");

    private static Block block(String value, long expireAtMs) {
        return new Block(value.getBytes(UTF_8), expireAtMs);
    }

    @Test
    void storesRecordsOfEnginesCountsAndHours() {
        ProjectionChanges changes = at("5-0");
        changes.put(ProjectionTable.WORKERS, "6:celeryw1", "{\"a\":1}");
        changes.put(ProjectionTable.WORKERS, "6:celeryw2", "{\"a\":2}");
        changes.put(ProjectionTable.QUEUES, "6:celeryq", "{}");
        changes.count("clamped", 3);
        changes.countEvents("task.started", NOW, 5);
        Lease lease = step(node1, acquire(node1), changes);
        ProjectionChanges more = at("6-0");
        more.remove(ProjectionTable.WORKERS, "6:celeryw1");
        more.countEvents("task.started", NOW, 2);
        lease = step(node1, lease, more);

        Map<ProjectionTable, Map<String, String>> found = store.await(node1.load(
                lease,
                Map.of(
                        ProjectionTable.WORKERS,
                        Set.of("6:celeryw1", "6:celeryw2"),
                        ProjectionTable.QUEUES,
                        Set.of("6:celeryq"),
                        ProjectionTable.SCHEDULES,
                        Set.of())));
        assertThat(found.get(ProjectionTable.WORKERS)).isEqualTo(Map.of("6:celeryw2", "{\"a\":2}"));
        assertThat(found.get(ProjectionTable.QUEUES)).containsOnlyKeys("6:celeryq");
        assertThat(found.get(ProjectionTable.SCHEDULES)).isEmpty();
        assertThat(hash(keys().counts())).containsEntry("clamped", "3").containsEntry("k:task.started", "7");
        assertThat(hash(keys().minutes(NOW / 3_600_000))).containsEntry(NOW / 60_000 + "|task.started", "7");
        assertThat(Long.parseLong(redis.call("PTTL", keys().minutes(NOW / 3_600_000))))
                .isPositive();
    }

    @Test
    void storesBlocksUntilTheyExpire() {
        long soon = System.currentTimeMillis() + 600_000;
        ProjectionChanges changes = at("5-0");
        changes.put(MINUTE, block("a\u0000b", soon));
        changes.put(new BlockField("m:1", "other"), block("c", soon));
        changes.put(GROUP, block("g", 0));
        Lease lease = step(node1, acquire(node1), changes);

        Map<BlockField, byte[]> found =
                store.await(node1.loadBlocks(lease, Set.of(MINUTE, GROUP, new BlockField("m:2", "name"))));
        assertThat(found).containsOnlyKeys(MINUTE, GROUP);
        assertThat(found.get(MINUTE)).isEqualTo("a\u0000b".getBytes(UTF_8));
        assertThat(Long.parseLong(redis.call("PTTL", keys().block("m:1")))).isBetween(500_000L, 600_000L);
        assertThat(redis.call("PTTL", keys().block("groups"))).isEqualTo("-1");
    }

    @Test
    void forgetsTheNamesOfExpiredBlocks() {
        ProjectionChanges changes = at("5-0");
        changes.put(MINUTE, block("a", 1_000));
        changes.put(GROUP, block("g", 0));
        Lease lease = step(node1, acquire(node1), changes);
        ProjectionChanges more = at("6-0");
        more.put(GROUP, block("h", 0));
        step(node1, lease, more);
        assertThat(redis.call("ZRANGE", keys().blocks(), "0", "-1")).isEqualTo("groups");
        assertThat(redis.call("EXISTS", keys().block("m:1"))).isEqualTo("0");
    }

    @Test
    void deletesTheWholeProjection() {
        Lease lease = report(node1, acquire(node1), "failed", Set.of("a", "b", "c", "d", "e"), "queue", "q");
        ProjectionChanges changes = at("5-0");
        changes.put(ProjectionTable.WORKERS, "6:celeryw1", "{}");
        changes.put(MINUTE, block("a", System.currentTimeMillis() + 600_000));
        changes.put(GROUP, block("g", 0));
        changes.countEvents("task.started", System.currentTimeMillis(), 1);
        lease = step(node1, lease, changes);

        store.await(node1.drop(place));

        assertThat(store.keys(place.projectId())).noneMatch(key -> key.contains(":p:"));
        assertThat(store.await(node1.apply(lease, at("9-0"), LEASE))).isEmpty();
        assertThat(store.keys(place.projectId())).noneMatch(key -> key.contains(":p:"));
    }

    @Test
    void deletesWhatTheEarlierVersionProjectedButKeepsReports() {
        redis.call("HSET", shard().tasks(), "6:celeryt", "{}");
        redis.call("HSET", shard().projection(), "epoch", "7");
        redis.call("HSET", shard().reportedWorkers(), "6:celeryw", "{}");

        acquire(node1);

        assertThat(store.keys(place.projectId()))
                .doesNotContain(shard().tasks(), shard().projection())
                .contains(shard().reportedWorkers());
    }
}
