/** The load generator: thousands of agents from one process, and the scenarios that they play. */
package dev.ganglion.benchmarks.load;
