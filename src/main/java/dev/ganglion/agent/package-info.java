/** An agent client for the JVM, with simulated workloads for development, tests and benchmarks. */
@NullMarked
package dev.ganglion.agent;

import org.jspecify.annotations.NullMarked;
