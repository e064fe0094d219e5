package dev.ganglion.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.cluster.NodeRecord;
import dev.ganglion.cluster.NodeStore.Renewal;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.RedisKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests how nodes register themselves in Redis. */
class NodeRosterTest extends StoreTests {
    private final String name = "node-" + Given.id();
    private final String other = "node-" + Given.id();

    private static NodeRecord record(String id) {
        return new NodeRecord(
                id,
                "127.0.0.1:7700",
                "1",
                Instant.parse("2026-01-01T00:00:00Z"),
                new NodeRecord.Load(3, 2),
                true,
                Set.of(id),
                4);
    }

    @CanIgnoreReturnValue
    private static Renewal renew(String id) {
        return store.await(store.roster.renew(record(id)));
    }

    private static List<String> ids(Renewal renewal) {
        return renewal.nodes().stream().map(NodeRecord::id).toList();
    }

    @Test
    void otherNodesSeeANodeForTenSecondsAfterItsRenewal() {
        renew(name);
        assertThat(renew(other).nodes()).contains(record(name), record(other));
        assertThat(Long.parseLong(redis.call("PTTL", RedisKeys.node(name)))).isBetween(1L, 10_000L);
    }

    @Test
    void reportsWhetherTheRecordOfTheNodeStillExisted() {
        assertThat(renew(name).known()).isFalse();
        assertThat(renew(name).known()).isTrue();
        redis.call("DEL", RedisKeys.node(name));
        assertThat(renew(name).known()).isFalse();
    }

    @Test
    void removesAnExpiredNodeFromTheList() {
        renew(other);
        redis.call("DEL", RedisKeys.node(other));

        assertThat(ids(renew(name))).contains(name).doesNotContain(other);
        assertThat(redis.call("SISMEMBER", RedisKeys.NODES, other)).isEqualTo("0");
        renew(other);
        assertThat(ids(renew(name))).as("after it renewed again").contains(other);
    }

    @Test
    void listsANodeWithAnUnreadableRecord() {
        redis.call("SET", RedisKeys.node(other), "{\"started_at\":\"never\"");
        redis.call("SADD", RedisKeys.NODES, other);
        try {
            assertThat(ids(renew(name))).contains(name, other);
        } finally {
            redis.call("DEL", RedisKeys.node(other));
        }
    }

    @Test
    void removesALeavingNodeAtOnce() {
        renew(name);
        store.await(store.roster.leave(name));
        assertThat(redis.call("EXISTS", RedisKeys.node(name))).isEqualTo("0");
        assertThat(redis.call("SISMEMBER", RedisKeys.NODES, name)).isEqualTo("0");
    }

    @Test
    void returnsTheTimeOfTheStore() {
        assertThat(Duration.between(renew(name).time(), Instant.now()).abs()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void givesAllNodesTheSameIdentityOfTheStore() {
        String identity = store.await(store.roster.identity());
        assertThat(identity).isNotBlank();
        try (StoreFixture second = StoreFixture.on(redis.uri(), other, StoreFixture.TUNING)) {
            assertThat(second.await(second.roster.identity())).isEqualTo(identity);
            second.await(second.nodes.stop());
        }
    }
}
