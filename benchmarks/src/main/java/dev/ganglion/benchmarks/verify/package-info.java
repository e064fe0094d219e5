/** What verifying a frame costs, beside the signature alone. */
@NullMarked
package dev.ganglion.benchmarks.verify;

import org.jspecify.annotations.NullMarked;
