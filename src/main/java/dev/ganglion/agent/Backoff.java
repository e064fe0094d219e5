package dev.ganglion.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Computes exponential back-off with full jitter.
 *
 * <p>The n-th wait, counted from 0, is drawn uniformly from 0 to {@code first · 2ⁿ}, up to the ceiling. The jitter
 * keeps agents that lost the same node from reconnecting all at once. The floor limits the rate of attempts.
 */
final class Backoff {
    /** Upper limit for the wait that a brain requests with {@code Retry-After}. */
    static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(60);

    private static final int MAX_DOUBLINGS = 30;

    private final BackoffRange range;
    private final RandomGenerator random;
    private int failures;

    Backoff(BackoffRange range, RandomGenerator random) {
        this.range = range;
        this.random = random;
    }

    /** The number of waits since the last reset. */
    int failures() {
        return failures;
    }

    /** Returns the next wait: the wait that the brain requested, up to {@link #MAX_RETRY_AFTER}, plus a random wait. */
    Duration next(Duration requested) {
        long limit =
                Math.min(range.ceiling().toMillis(), range.first().toMillis() << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        long drawn = Math.max(range.floor().toMillis(), random.nextLong(limit + 1));
        return Duration.ofMillis(drawn + Math.min(requested.toMillis(), MAX_RETRY_AFTER.toMillis()));
    }

    void reset() {
        failures = 0;
    }
}
