/** Brains for tests: in this process, in a process of their own, and as a cluster. */
@NullMarked
package dev.ganglion.testing.brain;

import org.jspecify.annotations.NullMarked;
