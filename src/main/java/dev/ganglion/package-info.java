/** The composition root: the command line, and the orderly start and stop of the brain. */
@NullMarked
package dev.ganglion;

import org.jspecify.annotations.NullMarked;
