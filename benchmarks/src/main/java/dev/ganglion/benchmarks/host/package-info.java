/** What a machine and its processes show of themselves. */
@NullMarked
package dev.ganglion.benchmarks.host;

import org.jspecify.annotations.NullMarked;
