/** Projected tasks and how events change them. */
@NullMarked
package dev.ganglion.projection.task;

import org.jspecify.annotations.NullMarked;
