package dev.ganglion.lane;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** Runs actions later, on the context of a lane. */
interface Timers {
    /**
     * Runs an action once.
     *
     * @param millis delay in milliseconds, 1 or more
     * @return an action that cancels the timer; without effect once the timer has fired
     */
    @CanIgnoreReturnValue
    Runnable after(long millis, Runnable action);
}
