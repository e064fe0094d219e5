package dev.ganglion.lane;

import dev.ganglion.bus.LaneMessage;

/**
 * A message that a lane passes to the store.
 *
 * @param message the message
 * @param retried whether an earlier attempt may have reached the store. The store then accepts the message even if it
 *     finds the traces of that attempt
 * @param number position of the message among all messages of the lane; the same for every attempt
 */
public record LaneCall(LaneMessage message, boolean retried, long number) {
    /** The same message, marked as retried. */
    public LaneCall again() {
        return retried ? this : new LaneCall(message, true, number);
    }
}
