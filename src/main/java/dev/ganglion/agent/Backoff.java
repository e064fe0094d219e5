package dev.ganglion.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with full jitter: the n-th wait is drawn evenly from 0 to {@code first · 2ⁿ}, so that agents which
 * lost the same node do not come back together. The floor bounds the rate whatever is drawn.
 */
final class Backoff {
    /** A brain that asks for more with {@code Retry-After} gets this much. */
    static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(60);

    private static final int MAX_DOUBLINGS = 30;

    private final BackoffRange range;
    private final RandomGenerator random;
    private int failures;

    Backoff(BackoffRange range, RandomGenerator random) {
        this.range = range;
        this.random = random;
    }

    /** Waits drawn since the last reset. */
    int failures() {
        return failures;
    }

    /** The next wait, at least as long as the brain asked for, spread beyond that by the same jitter. */
    Duration next(Duration asked) {
        long limit =
                Math.min(range.ceiling().toMillis(), range.first().toMillis() << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        long drawn = Math.max(range.floor().toMillis(), random.nextLong(limit + 1));
        return Duration.ofMillis(drawn + Math.min(asked.toMillis(), MAX_RETRY_AFTER.toMillis()));
    }

    void reset() {
        failures = 0;
    }
}
