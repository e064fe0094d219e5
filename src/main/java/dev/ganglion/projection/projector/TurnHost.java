package dev.ganglion.projection.projector;

import io.vertx.core.Future;
import java.time.Duration;

/** Receives the changes of the projection, and paces its turns. */
interface TurnHost {
    /** Tasks of the project changed. */
    void tasksChanged(String projectId);

    /** Whether this node may acquire leases. */
    boolean takesLeases();

    /** Time for which a lease must have been free before this node may acquire it. */
    Duration freeFor();

    /** Milliseconds that the agents' frames get after a turn of {@code turnNanos}. */
    long restMillis(long turnNanos, long behindMs);

    /** Completes after this time. */
    Future<Void> pause(long millis);
}
