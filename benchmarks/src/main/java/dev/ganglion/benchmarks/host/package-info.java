/** Reads figures of the machine and its processes. */
@NullMarked
package dev.ganglion.benchmarks.host;

import org.jspecify.annotations.NullMarked;
