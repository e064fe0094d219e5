/** Calls to the REST interface. */
@NullMarked
package dev.ganglion.testing.http;

import org.jspecify.annotations.NullMarked;
