/** What a machine and its processes show of themselves. */
package dev.ganglion.benchmarks.host;
