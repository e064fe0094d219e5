/** The commands, and the order in which everything is measured. */
package dev.ganglion.benchmarks.suite;
