package dev.ganglion.gateway;

import java.time.Duration;

/**
 * Deadlines and bounds of a connection.
 *
 * @param helloTimeout the first frame must come within it
 * @param idleTimeout a frame must come within it
 * @param maxPendingOutput bytes that an agent may leave unread
 */
record ConnectionTimes(Duration helloTimeout, Duration idleTimeout, int maxPendingOutput) {}
