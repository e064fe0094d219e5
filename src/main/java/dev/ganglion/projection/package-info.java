/** Projects stored events to tasks, engine workers, queues, schedules and counters. */
@NullMarked
package dev.ganglion.projection;

import org.jspecify.annotations.NullMarked;
