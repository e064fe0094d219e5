package dev.ganglion.projection.projector;

import dev.ganglion.projection.lost.LostTaskSweeper;
import dev.ganglion.projection.run.TaskStore;

/**
 * What the search for lost tasks needs.
 *
 * @param sweeps connects the sweeps with sessions, commands and events
 * @param tasks lists the tasks that were started before this node took the lease
 */
public record LostTaskPorts(LostTaskSweeper.Ports sweeps, TaskStore tasks) {}
