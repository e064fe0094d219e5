/** The commands, and the order of all measurements. */
@NullMarked
package dev.ganglion.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
