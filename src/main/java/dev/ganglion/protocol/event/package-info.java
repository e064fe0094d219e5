/** The events of a batch: reading, the rules that they must keep, and counting. */
@NullMarked
package dev.ganglion.protocol.event;

import org.jspecify.annotations.NullMarked;
