/** Totals of a project's tasks, queues, workers and failures over time, which are kept while events are projected. */
@NullMarked
package dev.ganglion.projection.rollup;

import org.jspecify.annotations.NullMarked;
