/** The load generator: thousands of agents from one process, and the scenarios that they play. */
@NullMarked
package dev.ganglion.benchmarks.load;

import org.jspecify.annotations.NullMarked;
