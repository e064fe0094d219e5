package dev.ganglion.projection.projector;

import dev.ganglion.projection.EventStreams;
import dev.ganglion.projection.FailureFingerprint;
import dev.ganglion.projection.ProjectionAggregate;
import dev.ganglion.projection.ProjectionEngine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What projections are read from, computed with and stored in.
 *
 * @param aggregates create the totals that are kept beside the tasks
 * @param fingerprint tells which failures are the same
 * @param lostTasks finds lost tasks; null for a projection that looks for none
 */
public record ProjectorPorts(
        ProjectionEngine engine,
        EventStreams streams,
        List<ProjectionAggregate.Factory> aggregates,
        FailureFingerprint fingerprint,
        @Nullable LostTaskPorts lostTasks) {
    /** Ports of a projection that looks for no lost tasks. */
    public ProjectorPorts(
            ProjectionEngine engine,
            EventStreams streams,
            List<ProjectionAggregate.Factory> aggregates,
            FailureFingerprint fingerprint) {
        this(engine, streams, aggregates, fingerprint, null);
    }
}
