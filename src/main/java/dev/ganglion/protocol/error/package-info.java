/** Error codes, close codes, limits of the wire, and the exceptions that carry them. */
@NullMarked
package dev.ganglion.protocol.error;

import org.jspecify.annotations.NullMarked;
