package dev.ganglion.projection.projector;

import dev.ganglion.projection.EventStreams;
import dev.ganglion.projection.FailureFingerprint;
import dev.ganglion.projection.ProjectionAggregate;
import dev.ganglion.projection.ProjectionEngine;
import java.util.List;

/**
 * What projections are read from, computed with and stored in.
 *
 * @param aggregates create the totals that are kept beside the tasks
 * @param fingerprint tells which failures are the same
 */
public record ProjectorPorts(
        ProjectionEngine engine,
        EventStreams streams,
        List<ProjectionAggregate.Factory> aggregates,
        FailureFingerprint fingerprint) {}
