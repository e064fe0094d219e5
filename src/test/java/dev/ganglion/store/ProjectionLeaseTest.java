package dev.ganglion.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.bus.ShardRef;
import dev.ganglion.event.ProjectionChanges;
import dev.ganglion.event.ProjectionPosition;
import dev.ganglion.event.ProjectionStore.Lease;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may project a shard, and what is left of one who may not. */
@Timeout(120)
class ProjectionLeaseTest extends StoreTests {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private RedisProjections mine;
    private RedisProjections others;
    private ShardRef ref;

    @BeforeEach
    void givenTwoNodes() {
        mine = new RedisProjections(store.shared, store.projects, "node-1");
        others = new RedisProjections(store.shared, store.projects, "node-2");
        ref = new ShardRef(session.projectId(), 0);
    }

    private Lease acquire(RedisProjections by, Duration time) {
        return store.await(by.acquire(ref, time)).orElseThrow();
    }

    private Optional<Long> step(RedisProjections by, Lease lease, String position) {
        ProjectionChanges changes = new ProjectionChanges(new ProjectionPosition(position, 0), 7, lease.birth());
        return store.await(by.apply(ref, lease, changes, LEASE));
    }

    private String position() {
        return redis.call("HGET", shard().projection(), "position");
    }

    @Test
    void oneNodeHasTheLeaseUntilItsTimeIsOver() {
        Lease first = acquire(mine, Duration.ofMillis(300));

        assertThat(store.await(others.acquire(ref, LEASE))).isEmpty();
        await().atMost(PATIENCE)
                .until(() -> store.await(others.acquire(ref, LEASE)).isPresent());
        assertThat(store.await(mine.acquire(ref, LEASE))).isEmpty();
        assertThat(step(mine, first, "5-0")).isEmpty();
    }

    @Test
    void aLeaseThatIsGivenUpIsFreeAtOnce() {
        Lease first = acquire(mine, LEASE);
        store.await(mine.release(ref, first));

        Lease second = acquire(others, LEASE);
        store.await(mine.release(ref, first));

        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(store.await(mine.acquire(ref, LEASE))).isEmpty();
    }

    @Test
    void aZombieChangesNothing() {
        Lease zombie = acquire(mine, Duration.ofMillis(1));
        await().atMost(PATIENCE)
                .until(() -> store.await(others.acquire(ref, LEASE)).isPresent());
        String before = redis.call("HGETALL", shard().projection());

        assertThat(step(mine, zombie, "9-0")).isEmpty();
        assertThat(redis.call("HGETALL", shard().projection())).isEqualTo(before);
    }

    @Test
    void aStepIsMadeOnceHoweverOftenItIsSent() {
        Lease lease = acquire(mine, LEASE);

        assertThat(step(mine, lease, "5-0")).isPresent();
        assertThat(step(mine, lease, "5-0")).isEmpty();
        assertThat(step(mine, lease, "7-0")).isEmpty();
        assertThat(position()).isEqualTo("5-0/0");
    }

    @Test
    void howManyBytesWereReachedIsKnownWithThePositionThatTheyAreOf() {
        Lease first = acquire(mine, LEASE);
        assertThat(first.reached()).isZero();
        assertThat(step(mine, first, "5-0")).isPresent();
        assertThat(acquire(mine, LEASE).reached()).isEqualTo(7);

        redis.call("HSET", shard().projection(), "position", "6-0/0"); // as a version does that counts no bytes
        assertThat(acquire(mine, LEASE).reached()).isNegative();
    }

    @Test
    void whatWasSentBeforeTheLeaseWasTakenAgainIsRefused() {
        Lease first = acquire(mine, LEASE);
        assertThat(step(mine, first, "5-0")).isPresent();
        Lease again = acquire(mine, LEASE);

        assertThat(again.step()).isEqualTo(1);
        assertThat(again.position()).isEqualTo(new ProjectionPosition("5-0", 0));
        assertThat(step(mine, new Lease(first.epoch(), 1, first.position(), 0, 0), "9-0"))
                .isEmpty();
        assertThat(step(mine, again, "6-0")).isPresent();
    }
}
