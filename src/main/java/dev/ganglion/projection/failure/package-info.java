/** Identifies failures of tasks, so that equal failures can be grouped. */
@NullMarked
package dev.ganglion.projection.failure;

import org.jspecify.annotations.NullMarked;
