package dev.ganglion.projection.projector;

import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.projection.ProjectionTerms;
import io.vertx.core.Future;
import java.time.Duration;

/** Decides when tasks of a project are deleted because they are too old, too many or too large. Used on one context. */
final class TaskRetention {
    /** Shortest time between two deletions of tasks beyond the limits, beside the deletions of each survey. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ProjectorParts parts;
    private final ProjectionTerms.Retention limits;
    private final long mostTasks;
    private long next;
    private long tasks;

    TaskRetention(ProjectorParts parts, Place place) {
        this.parts = parts;
        this.limits = parts.terms().retention();
        this.mostTasks = limits.tasks() * place.shards();
        this.next = parts.clocks().ticker().nanos();
    }

    /** Notes how many tasks the project keeps now. */
    void kept(long count) {
        tasks = count;
    }

    /** Time before which tasks, workers and queues are too old, in milliseconds since 1970. */
    long oldestKeptMs() {
        return parts.clocks().clock().millis() - limits.age().toMillis();
    }

    /** Whether there are too many tasks, and the last deletion was a while ago. */
    boolean isDue() {
        return tasks > mostTasks && parts.clocks().ticker().nanos() - next >= 0;
    }

    /** Deletes tasks beyond the limits. Completes with false if another node has taken the lease. */
    Future<Boolean> trim(Lease lease) {
        next = parts.clocks().ticker().nanos() + INTERVAL.toNanos();
        return parts.engine()
                .trim(lease, oldestKeptMs(), mostTasks, limits.taskBytes())
                .map(left -> {
                    left.ifPresent(this::kept);
                    return left.isPresent();
                });
    }
}
