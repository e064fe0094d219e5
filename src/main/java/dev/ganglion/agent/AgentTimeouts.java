package dev.ganglion.agent;

import java.time.Duration;

/**
 * The time limits of an agent for its brain.
 *
 * @param upgrade longest wait for the response to the upgrade
 * @param helloAck longest wait for the hello_ack
 * @param silence longest time in a session without any message from the brain, pongs included; must exceed the longest
 *     time for which a brain stops reading while its store is unavailable
 */
record AgentTimeouts(Duration upgrade, Duration helloAck, Duration silence) {
    static final AgentTimeouts DEFAULT =
            new AgentTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60));
}
