/** The events of a batch: reading them, checking them against the rules, and counting them. */
@NullMarked
package dev.ganglion.protocol.event;

import org.jspecify.annotations.NullMarked;
