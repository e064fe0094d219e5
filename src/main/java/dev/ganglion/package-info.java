/** The composition root: the command line, and the brain's start and stop in order. */
@NullMarked
package dev.ganglion;

import org.jspecify.annotations.NullMarked;
