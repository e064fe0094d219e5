package dev.ganglion.projection.projector;

import dev.ganglion.telemetry.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Determines how long a node's projectors rest between two steps. They do not rest unless frames wait for the store.
 * While frames wait, the steps of all projects run one after the other and use half of the time; a project that is
 * behind by more than {@value #FAR_BEHIND_MS} ms uses two thirds. Used on one context.
 */
final class ProjectorPace {
    /** Age of the oldest waiting event from which on the projection rests less, in milliseconds. */
    static final long FAR_BEHIND_MS = 1_000;
    /**
     * Longest rest, in milliseconds. Only a step renews the project's lease, so the lease has to outlast the longest
     * time between two steps.
     */
    static final long LONGEST_REST_MS = 1_000;

    private final BooleanSupplier crowded;
    private final Ticker ticker;
    private long nextStep;

    /**
     * Creates a pace.
     *
     * @param crowded whether frames wait for the store
     */
    ProjectorPace(BooleanSupplier crowded, Ticker ticker) {
        this.crowded = crowded;
        this.ticker = ticker;
        this.nextStep = ticker.nanos();
    }

    /**
     * Milliseconds to rest after a step that took {@code stepNanos}, including the rests that other projects still have
     * to take.
     *
     * @param behindMs age of the project's oldest event that is not projected
     */
    long restMillis(long stepNanos, long behindMs) {
        if (!crowded.getAsBoolean()) {
            return 0;
        }
        long now = ticker.nanos();
        long rest = behindMs > FAR_BEHIND_MS ? stepNanos / 2 : stepNanos;
        long latest = now + TimeUnit.MILLISECONDS.toNanos(LONGEST_REST_MS);
        nextStep = Math.min(Math.max(now, nextStep) + rest, latest);
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextStep - now));
    }
}
