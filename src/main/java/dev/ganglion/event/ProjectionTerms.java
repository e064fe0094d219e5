package dev.ganglion.event;

import java.time.Duration;

/**
 * How projections are made and kept.
 *
 * @param lease how long a shard stays with a node that says nothing
 * @param retentionAge how long a task, a worker or a queue is kept
 * @param retentionTasks how many tasks a shard keeps
 * @param poll how often a shard is looked at of which nothing is heard
 */
public record ProjectionTerms(Duration lease, Duration retentionAge, long retentionTasks, Duration poll) {
    /** A node that dies is followed within it and the time between two looks. */
    public static final Duration LEASE = Duration.ofSeconds(10);
    /** Events that other nodes stored are found after so long at the most. */
    public static final Duration POLL = Duration.ofMillis(500);

    /** With the lease and the looks that are usual. */
    public static ProjectionTerms keeping(Duration retentionAge, long retentionTasks) {
        return new ProjectionTerms(LEASE, retentionAge, retentionTasks, POLL);
    }
}
