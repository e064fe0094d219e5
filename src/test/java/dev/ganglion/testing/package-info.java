/** Shared test support: real servers, and ways to make them fail. */
@NullMarked
package dev.ganglion.testing;

import org.jspecify.annotations.NullMarked;
