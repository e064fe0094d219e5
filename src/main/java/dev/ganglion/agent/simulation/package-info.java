/** Simulated workloads for development clusters, tests and benchmarks. */
@NullMarked
package dev.ganglion.agent.simulation;

import org.jspecify.annotations.NullMarked;
