package dev.ganglion.agent;

import java.time.Duration;

/**
 * How long an agent waits for its brain.
 *
 * @param upgrade for the answer to the upgrade
 * @param helloAck for the answer to hello
 * @param silence for any sign of life within a session, pongs included; above the longest time for which a brain stops
 *     reading while its store is away
 */
record Patience(Duration upgrade, Duration helloAck, Duration silence) {
    static final Patience DEFAULT =
            new Patience(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60));
}
