/** What the parts reach alone: nothing made of them can be faster. */
@NullMarked
package dev.ganglion.benchmarks.ceilings;

import org.jspecify.annotations.NullMarked;
