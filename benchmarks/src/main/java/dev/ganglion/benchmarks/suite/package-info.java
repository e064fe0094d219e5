/** The commands, and the order in which everything is measured. */
@NullMarked
package dev.ganglion.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
