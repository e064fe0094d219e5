/** What a frame costs, part by part. */
@NullMarked
package dev.ganglion.benchmarks.cost;

import org.jspecify.annotations.NullMarked;
