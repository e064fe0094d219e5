/** Measures the cost of a frame, part by part. */
@NullMarked
package dev.ganglion.benchmarks.cost;

import org.jspecify.annotations.NullMarked;
