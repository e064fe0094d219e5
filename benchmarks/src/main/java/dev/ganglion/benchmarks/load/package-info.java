/** The scenarios: each loads a server with the generator, measures it, and checks what it has stored. */
@NullMarked
package dev.ganglion.benchmarks.load;

import org.jspecify.annotations.NullMarked;
