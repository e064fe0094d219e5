/** Addresses, messages and codecs of the event bus, within a node and between nodes. */
@NullMarked
package dev.ganglion.bus;

import org.jspecify.annotations.NullMarked;
