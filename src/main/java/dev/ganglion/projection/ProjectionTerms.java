package dev.ganglion.projection;

import java.time.Duration;

/**
 * Settings of the projections.
 *
 * @param lease time after which a project's lease expires unless its node renews it
 * @param retention which tasks, engine workers and queues are kept
 * @param memoryBytes largest size of the tasks that a node keeps in memory, in bytes
 * @param poll interval at which a projector checks a project without being notified
 */
public record ProjectionTerms(Duration lease, Retention retention, long memoryBytes, Duration poll) {
    /**
     * Limits of the retained tasks. The oldest tasks beyond a limit are deleted.
     *
     * @param age time for which a task, an engine worker or a queue is kept
     * @param tasks largest number of tasks that a project keeps for each of its shards
     * @param taskBytes largest size of the tasks that a project keeps in the store, in bytes
     */
    public record Retention(Duration age, long tasks, long taskBytes) {}

    /** Another node takes over a dead node's projects within this time plus the interval between two attempts. */
    public static final Duration LEASE = Duration.ofSeconds(8);
    /** Longest time until a projector finds events that other nodes stored. */
    public static final Duration POLL = Duration.ofMillis(500);

    /** Creates settings with the default lease and poll interval. */
    public static ProjectionTerms keeping(Retention retention, long memoryBytes) {
        return new ProjectionTerms(LEASE, retention, memoryBytes, POLL);
    }
}
