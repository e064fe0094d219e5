package dev.ganglion.projection;

import java.time.Duration;

/**
 * Settings of the projections.
 *
 * @param lease time after which a shard's lease expires unless its node renews it
 * @param retentionAge time for which a task, an engine worker or a queue is kept
 * @param retentionTasks largest number of tasks that a shard keeps
 * @param poll interval at which a projector checks a shard without being notified
 */
public record ProjectionTerms(Duration lease, Duration retentionAge, long retentionTasks, Duration poll) {
    /** Another node takes over a dead node's shards within this time plus the interval between two attempts. */
    public static final Duration LEASE = Duration.ofSeconds(10);
    /** Longest time until a projector finds events that other nodes stored. */
    public static final Duration POLL = Duration.ofMillis(500);

    /** Creates settings with the default lease and poll interval. */
    public static ProjectionTerms keeping(Duration retentionAge, long retentionTasks) {
        return new ProjectionTerms(LEASE, retentionAge, retentionTasks, POLL);
    }
}
