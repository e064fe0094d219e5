package dev.ganglion.store.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ShardProgress;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the lease of a project's projection, and calls of a node that lost it. */
@Timeout(60)
class EngineLeaseTest extends EngineTests {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void oneNodeHoldsTheLeaseUntilItExpires() {
        Lease first = store.await(node1.acquire(place, Duration.ofMillis(300), Duration.ZERO))
                .orElseThrow();

        assertThat(store.await(node2.acquire(place, LEASE, Duration.ZERO))).isEmpty();
        await().atMost(PATIENCE)
                .until(() ->
                        store.await(node2.acquire(place, LEASE, Duration.ZERO)).isPresent());
        assertThat(store.await(node1.acquire(place, LEASE, Duration.ZERO))).isEmpty();
        assertThat(store.await(node1.apply(first, at("5-0"), LEASE))).isEmpty();
    }

    @Test
    void aReleasedLeaseIsFreeAtOnceForANodeThatDoesNotWait() {
        Lease first = acquire(node1);
        store.await(node1.release(first));

        assertThat(store.await(node2.acquire(place, LEASE, Duration.ofMinutes(1))))
                .isEmpty();
        Lease second = acquire(node2);
        store.await(node1.release(first));

        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(store.await(node1.acquire(place, LEASE, Duration.ZERO))).isEmpty();
    }

    @Test
    void aProjectThatWasNeverProjectedIsFree() {
        Lease lease =
                store.await(node1.acquire(place, LEASE, Duration.ofMinutes(1))).orElseThrow();
        assertThat(lease.step()).isZero();
        assertThat(lease.progress()).hasSize(2).containsValue(ShardProgress.START);
        assertThat(store.await(node1.acquire(place, LEASE, Duration.ofMinutes(1))))
                .isPresent();
    }

    @Test
    void aNodeWithALostLeaseChangesNothing() {
        Lease lost = report(node1, acquire(node1), "started", Set.of("a"));
        Lease current = report(node2, takeOver(node2), "started", Set.of("b"));
        String before = redis.call("HGETALL", keys().lease());

        assertThat(store.await(node1.apply(lost, at("9-0"), LEASE))).isEmpty();
        assertThat(node1.heldBytes()).isZero();
        assertThat(store.await(node1.apply(lost, at("9-0"), LEASE))).isEmpty();
        assertThat(store.await(node1.trim(lost, Long.MAX_VALUE, 0, 0))).isEmpty();
        store.await(node1.release(lost));

        assertThat(redis.call("HGETALL", keys().lease())).isEqualTo(before);
        assertThat(listed()).containsExactly("a", "b");
        report(node2, current, "succeeded", Set.of("a"));
    }

    @Test
    void aTrimOfALostLeaseDeletesNothing() {
        Lease lost = report(node1, acquire(node1), "started", Set.of("a"));
        takeOver(node2);
        assertThat(store.await(node1.trim(lost, Long.MAX_VALUE, 0, 0))).isEmpty();
        assertThat(listed()).containsExactly("a");
    }

    @Test
    void appliesEachStepOnce() {
        Lease lease = acquire(node1);
        Lease next = step(node1, lease, at("5-0"));
        assertThat(store.await(node1.apply(lease, at("6-0"), LEASE))).isEmpty();

        Lease again = acquire(node1);
        assertThat(again.step()).isEqualTo(next.step());
        assertThat(again.progress())
                .containsEntry(0, new ShardProgress(new ProjectionPosition("5-0", 0), 7))
                .containsEntry(1, ShardProgress.START);
    }

    @Test
    void rejectsStepsOfAnEarlierLeaseOfTheSameNode() {
        Lease first = acquire(node1);
        Lease again = acquire(node1);

        assertThat(store.await(node1.apply(first, at("9-0"), LEASE))).isEmpty();
        step(node1, again, at("6-0"));
    }

    /** The answer of the call was lost, so the node cannot know what Redis holds. */
    @Test
    void discardsItsMemoryWhenACallFails() {
        Lease lease = report(node1, acquire(node1), "started", Set.of("a"));
        assertThat(node1.heldBytes()).isPositive();
        redis.call("DEL", keys().terms());
        redis.call("SET", keys().terms(), "not a hash");

        assertThatThrownBy(() -> report(node1, lease, "started", Set.of("b"), "queue", "q"))
                .hasMessageContaining("Redis");
        assertThat(node1.heldBytes()).isZero();
        assertThatThrownBy(() -> load(node1, lease, Set.of("a"))).isInstanceOf(IllegalStateException.class);
    }
}
