/** Stored events and rejected events: queries, retention, and the ports to the store. */
@NullMarked
package dev.ganglion.event;

import org.jspecify.annotations.NullMarked;
