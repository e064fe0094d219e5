package dev.ganglion.projection.projector;

import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.ProjectionTerms;
import dev.ganglion.projection.ProjectorClocks;

/**
 * What the projectors of a node share.
 *
 * @param memory tasks in memory, of all projects
 */
record ProjectorParts(
        ProjectorPorts ports, TaskMemory memory, StepLimits limits, ProjectionTerms terms, ProjectorClocks clocks) {
    ProjectionEngine engine() {
        return ports.engine();
    }
}
