package dev.ganglion.api;

import dev.ganglion.config.AgentConfig;
import java.time.Duration;

/**
 * How patient a dashboard's socket is; as it is with agents.
 *
 * @param subscribe the first message must come within it
 * @param idle a socket without a message for so long is closed
 */
record DashboardLimits(Duration subscribe, Duration idle) {
    /** Sockets of one node; more are refused with 503. */
    static final int MAX_SOCKETS = 1_000;
    /** Sockets of one session on one node; more are refused with 429. */
    static final int MAX_OF_SESSION = 20;
    /** Bytes of one message. */
    static final int MAX_MESSAGE_BYTES = 4_096;
    /** Messages in one second. */
    static final int MAX_MESSAGES = 20;
    /** Bytes that may wait for a peer to read them. */
    static final int MAX_WAITING_BYTES = 16 * 1024;
    /** The time between two events of one topic, in milliseconds. */
    static final long EVENT_INTERVAL_MS = 250;
    /** How often it is asked whether the session and its role still stand, in seconds; a revocation is heard of at once. */
    static final int ASK_AGAIN_SECONDS = 30;

    static DashboardLimits of(AgentConfig config) {
        return new DashboardLimits(config.helloTimeout(), config.idleTimeout());
    }
}
