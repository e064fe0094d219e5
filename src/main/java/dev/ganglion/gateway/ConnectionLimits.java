package dev.ganglion.gateway;

import java.time.Duration;

/**
 * Time-outs and the output limit of one agent connection.
 *
 * @param helloTimeout longest time between the upgrade and the hello frame
 * @param idleTimeout longest time between two messages from the agent
 * @param maxPendingOutput largest number of bytes written to the socket that the agent has not read yet
 */
record ConnectionLimits(Duration helloTimeout, Duration idleTimeout, int maxPendingOutput) {}
