/** The events that benchmarks of projections send: lives of tasks, as a task queue reports them. */
@NullMarked
package dev.ganglion.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
