package dev.ganglion.lane;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.StoreAvailability;
import dev.ganglion.telemetry.BrainMetrics;
import java.time.Duration;

/**
 * Tracks whether a lane's store is reachable, and announces every change to the node. Notifies the lane when the store
 * stays unreachable longer than the pause limit. Runs on the lane's context.
 */
final class StoreWatch {
    private final int lane;
    private final LocalBus bus;
    private final BrainMetrics metrics;
    private final Timers timers;
    private final Duration pauseLimit;
    private final Runnable onPauseLimit;
    private Runnable cancelTimer = () -> {};
    private boolean available = true;
    private boolean doubted;

    /**
     * Creates a watch of a store that is reachable.
     *
     * @param lane number of the lane
     * @param pauseLimit longest time that unanswered messages wait for the store
     * @param onPauseLimit runs once per pause limit while the store is unreachable
     */
    StoreWatch(
            int lane, LocalBus bus, BrainMetrics metrics, Timers timers, Duration pauseLimit, Runnable onPauseLimit) {
        this.lane = lane;
        this.bus = bus;
        this.metrics = metrics;
        this.timers = timers;
        this.pauseLimit = pauseLimit;
        this.onPauseLimit = onPauseLimit;
    }

    boolean available() {
        return available;
    }

    /**
     * Records that the store answered a call.
     *
     * @param connected whether the store is still connected
     */
    void answered(boolean connected) {
        doubted = false;
        if (connected) {
            set(true);
        }
    }

    /** Records that the store did not answer a call. */
    void unanswered() {
        doubted = true;
        set(false);
    }

    void disconnected() {
        set(false);
    }

    /**
     * Records that the store is connected again. After an unanswered call, the store counts as reachable only once it
     * answers the messages that wait. Until then, the pause limit keeps running.
     *
     * @param waiting whether messages wait for the store
     */
    void connected(boolean waiting) {
        if (!doubted || !waiting) {
            set(true);
        }
    }

    /** Announces the current state. */
    void announce() {
        bus.publish(Addresses.STORE_AVAILABILITY, new StoreAvailability(lane, available));
    }

    private void set(boolean now) {
        if (available == now) {
            return;
        }
        available = now;
        metrics.laneStoreLost(!now);
        announce();
        if (now) {
            cancelTimer.run();
        } else {
            startTimer();
        }
    }

    /** The timer repeats, because messages still arrive from connections that were admitted before. */
    private void startTimer() {
        cancelTimer = timers.after(pauseLimit.toMillis(), () -> {
            onPauseLimit.run();
            startTimer();
        });
    }
}
