package dev.ganglion.agent;

import java.time.Duration;

/**
 * The limits of the wait between two connection attempts.
 *
 * @param floor minimum of every wait, at least 1 ms
 * @param first maximum of the first wait
 * @param ceiling maximum of every wait, not counting a wait that the brain requests
 */
public record BackoffRange(Duration floor, Duration first, Duration ceiling) {
    /** A floor of 0.1 s, a first wait of at most 1 s, and a ceiling of 30 s. */
    public static final BackoffRange DEFAULT =
            new BackoffRange(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(30));

    public BackoffRange {
        if (floor.toMillis() < 1 || first.compareTo(floor) < 0 || ceiling.compareTo(first) < 0) {
            throw new IllegalArgumentException("a back-off range must satisfy 1 ms <= floor <= first <= ceiling");
        }
    }
}
