/** Measures the parts of a brain alone. Each result is a ceiling: a brain built from these parts cannot be faster. */
@NullMarked
package dev.ganglion.benchmarks.ceilings;

import org.jspecify.annotations.NullMarked;
