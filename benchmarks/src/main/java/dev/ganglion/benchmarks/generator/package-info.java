/** The load generator: connections of agents, the frames that they send, and the schedules that they follow. */
@NullMarked
package dev.ganglion.benchmarks.generator;

import org.jspecify.annotations.NullMarked;
