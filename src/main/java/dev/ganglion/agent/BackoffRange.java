package dev.ganglion.agent;

import java.time.Duration;

/**
 * The bounds of the wait between two attempts to connect.
 *
 * @param floor no wait is shorter
 * @param first the longest first wait
 * @param ceiling no wait is longer, save one that the brain asked for
 */
public record BackoffRange(Duration floor, Duration first, Duration ceiling) {
    /** 0.1 s, 1 s, 30 s. */
    public static final BackoffRange DEFAULT =
            new BackoffRange(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(30));

    public BackoffRange {
        if (floor.toMillis() < 1 || first.compareTo(floor) < 0 || ceiling.compareTo(first) < 0) {
            throw new IllegalArgumentException("a backoff has 1 ms <= floor <= first <= ceiling");
        }
    }
}
