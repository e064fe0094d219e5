/** Addresses, messages and codecs of the event bus. */
@NullMarked
package dev.ganglion.bus;

import org.jspecify.annotations.NullMarked;
