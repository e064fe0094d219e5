/** Reads projected tasks from the segments of a project. */
@NullMarked
package dev.ganglion.store.projection.read;

import org.jspecify.annotations.NullMarked;
