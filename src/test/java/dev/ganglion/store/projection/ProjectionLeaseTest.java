package dev.ganglion.store.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ProjectionStore.Lease;
import dev.ganglion.projection.ShardChanges;
import dev.ganglion.store.StoreTests;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the lease of a shard, and writes of a node that lost the lease. */
@Timeout(120)
class ProjectionLeaseTest extends StoreTests {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private RedisProjections node1;
    private RedisProjections node2;
    private ShardRef ref;

    @BeforeEach
    void givenTwoNodes() {
        node1 = new RedisProjections(store.shared, store.projects, "node-1", Clock.systemUTC());
        node2 = new RedisProjections(store.shared, store.projects, "node-2", Clock.systemUTC());
        ref = new ShardRef(session.projectId(), 0);
    }

    private Lease acquire(RedisProjections by, Duration time) {
        return store.await(by.acquire(ref, time)).orElseThrow();
    }

    private Optional<Long> step(RedisProjections by, Lease lease, String position) {
        ShardChanges changes = new ShardChanges(new ProjectionPosition(position, 0), 7, lease.birth());
        return store.await(by.apply(ref, lease, changes, LEASE));
    }

    private String position() {
        return redis.call("HGET", shard().projection(), "position");
    }

    @Test
    void oneNodeHoldsTheLeaseUntilItExpires() {
        Lease first = acquire(node1, Duration.ofMillis(300));

        assertThat(store.await(node2.acquire(ref, LEASE))).isEmpty();
        await().atMost(PATIENCE)
                .until(() -> store.await(node2.acquire(ref, LEASE)).isPresent());
        assertThat(store.await(node1.acquire(ref, LEASE))).isEmpty();
        assertThat(step(node1, first, "5-0")).isEmpty();
    }

    @Test
    void aReleasedLeaseIsFreeAtOnce() {
        Lease first = acquire(node1, LEASE);
        store.await(node1.release(ref, first));

        Lease second = acquire(node2, LEASE);
        store.await(node1.release(ref, first));

        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(store.await(node1.acquire(ref, LEASE))).isEmpty();
    }

    @Test
    void aNodeWithALostLeaseChangesNothing() {
        Lease lost = acquire(node1, Duration.ofMillis(1));
        await().atMost(PATIENCE)
                .until(() -> store.await(node2.acquire(ref, LEASE)).isPresent());
        String before = redis.call("HGETALL", shard().projection());

        assertThat(step(node1, lost, "9-0")).isEmpty();
        assertThat(redis.call("HGETALL", shard().projection())).isEqualTo(before);
    }

    @Test
    void appliesEachStepOnce() {
        Lease lease = acquire(node1, LEASE);

        assertThat(step(node1, lease, "5-0")).isPresent();
        assertThat(step(node1, lease, "5-0")).isEmpty();
        assertThat(step(node1, lease, "7-0")).isEmpty();
        assertThat(position()).isEqualTo("5-0/0");
    }

    @Test
    void knowsTheBytesOnlyForTheirOwnPosition() {
        Lease first = acquire(node1, LEASE);
        assertThat(first.reached()).isZero();
        assertThat(step(node1, first, "5-0")).isPresent();
        assertThat(acquire(node1, LEASE).reached()).isEqualTo(7);

        // A version that does not count bytes updates only the position.
        redis.call("HSET", shard().projection(), "position", "6-0/0");
        assertThat(acquire(node1, LEASE).reached()).isNegative();
    }

    @Test
    void rejectsStepsOfAnEarlierLeaseOfTheSameNode() {
        Lease first = acquire(node1, LEASE);
        assertThat(step(node1, first, "5-0")).isPresent();
        Lease again = acquire(node1, LEASE);

        assertThat(again.step()).isEqualTo(1);
        assertThat(again.position()).isEqualTo(new ProjectionPosition("5-0", 0));
        assertThat(step(node1, new Lease(first.epoch(), 1, first.position(), 0, 0), "9-0"))
                .isEmpty();
        assertThat(step(node1, again, "6-0")).isPresent();
    }
}
