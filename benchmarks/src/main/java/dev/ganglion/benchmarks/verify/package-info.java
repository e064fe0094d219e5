/** Measures the cost of verifying a frame, compared with the HMAC alone. */
@NullMarked
package dev.ganglion.benchmarks.verify;

import org.jspecify.annotations.NullMarked;
