/** The load generator, which simulates thousands of agents in one process, and its scenarios. */
@NullMarked
package dev.ganglion.benchmarks.load;

import org.jspecify.annotations.NullMarked;
