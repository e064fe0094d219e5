/** The scenarios of projections: how fast stored events become tasks, what that costs, and when users see the tasks. */
@NullMarked
package dev.ganglion.benchmarks.projection;

import org.jspecify.annotations.NullMarked;
