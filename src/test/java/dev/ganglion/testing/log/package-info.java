/** Reads the log, so that a test fails on unexpected warnings. */
@NullMarked
package dev.ganglion.testing.log;

import org.jspecify.annotations.NullMarked;
