/** The frames of the protocol, one record each. */
@NullMarked
package dev.ganglion.protocol.frame;

import org.jspecify.annotations.NullMarked;
