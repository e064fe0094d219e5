/** The layout of a project's tasks: segments of fixed-width rows, an index of the rows, and a dictionary of terms. */
@NullMarked
package dev.ganglion.projection.segment;

import org.jspecify.annotations.NullMarked;
