package dev.ganglion.event;

import dev.ganglion.bus.LaneMessage;

/**
 * A message on its way to the store.
 *
 * @param message the message
 * @param retried whether it may have reached the store before: then its own trace there is no replay
 * @param number the message's place among all that the lane ever took; the same at every try
 */
public record LaneEntry(LaneMessage message, boolean retried, long number) {
    /** The same message after a try whose answer was lost. */
    public LaneEntry again() {
        return retried ? this : new LaneEntry(message, true, number);
    }
}
