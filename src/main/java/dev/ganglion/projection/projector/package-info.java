/** Projects the stored events of projects to tasks, workers, queues and totals, on the nodes that hold their leases. */
@NullMarked
package dev.ganglion.projection.projector;

import org.jspecify.annotations.NullMarked;
