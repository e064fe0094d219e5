/** Batches of events that wait to be sent or acknowledged. */
@NullMarked
package dev.ganglion.agent.outbox;

import org.jspecify.annotations.NullMarked;
