package dev.ganglion.projection;

import dev.ganglion.telemetry.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Determines how long a node's projectors rest between two steps. They do not rest unless frames wait for the store.
 * While frames wait, the steps of all shards run one after the other and use a quarter of the time. They use more if a
 * shard would otherwise rest for more than a second. Used on one context.
 */
final class ProjectorPace {
    /** Parts of the time that frames get for each part that the steps use, while frames wait. */
    static final int PARTS_OF_FRAMES = 3;
    /**
     * Longest rest. Only a step renews the shard's lease, so the lease has to outlast the longest time between two
     * steps.
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
     * Milliseconds to rest after a step that took {@code stepNanos}, including the rests that other shards still have
     * to take.
     */
    long restMillis(long stepNanos) {
        if (!crowded.getAsBoolean()) {
            return 0;
        }
        long now = ticker.nanos();
        long latest = now + TimeUnit.MILLISECONDS.toNanos(LONGEST_REST_MS);
        nextStep = Math.min(Math.max(now, nextStep) + PARTS_OF_FRAMES * stepNanos, latest);
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextStep - now));
    }
}
