/** What a frame costs, part by part. */
package dev.ganglion.benchmarks.cost;
