/** Projected engine workers, queues and schedules, and the engine health that heartbeats report. */
@NullMarked
package dev.ganglion.projection.engine;

import org.jspecify.annotations.NullMarked;
