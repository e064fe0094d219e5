package dev.ganglion.event;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long a node's projectors rest between two steps: not at all, unless frames wait for the store. Then the steps of
 * all shards, one after the other, have a quarter of the time, or more where a shard would rest for over a second. Of one
 * context.
 */
final class ProjectorPace {
    /** What frames have of the time that both want, for each part that steps have. */
    static final int PARTS_OF_FRAMES = 3;
    /** A lease is renewed by the steps under it, and must outlast the longest time between two. */
    static final long LONGEST_REST_MS = 1_000;

    private final BooleanSupplier crowded;
    private final LongSupplier nanos;
    private long nextStep;

    /** {@code crowded} says whether frames wait for the store. */
    ProjectorPace(BooleanSupplier crowded, LongSupplier nanos) {
        this.crowded = crowded;
        this.nanos = nanos;
        this.nextStep = nanos.getAsLong();
    }

    /** Milliseconds to rest after a step that took so long; behind the rests of the other shards. */
    long restMillis(long stepNanos) {
        if (!crowded.getAsBoolean()) {
            return 0;
        }
        long now = nanos.getAsLong();
        long latest = now + TimeUnit.MILLISECONDS.toNanos(LONGEST_REST_MS);
        nextStep = Math.min(Math.max(now, nextStep) + PARTS_OF_FRAMES * stepNanos, latest);
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextStep - now));
    }
}
