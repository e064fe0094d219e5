package dev.ganglion.api.dashboard;

import dev.ganglion.config.AgentConfig;
import dev.ganglion.socket.SocketLimits;
import java.time.Duration;

/**
 * Time-outs and limits of a dashboard socket. The time-outs are those of agents.
 *
 * @param subscribe longest time until the first message
 * @param idle longest time between two messages
 */
public record DashboardLimits(Duration subscribe, Duration idle) {
    /** Largest number of sockets per node; more are rejected with 503. */
    static final int MAX_SOCKETS = 1_000;
    /** Largest number of sockets per session and node; more are rejected with 429. */
    static final int MAX_SOCKETS_PER_SESSION = 20;
    /** Largest message, in bytes. */
    static final int MAX_MESSAGE_BYTES = 4_096;
    /** Largest number of messages in one second. */
    static final int MAX_MESSAGES_PER_SECOND = 20;
    /** Size of the output that the browser may leave unread, in bytes. */
    static final int MAX_UNREAD_BYTES = 16 * 1024;
    /** Shortest time between two events of one topic, in milliseconds. */
    static final long EVENT_INTERVAL_MS = 250;
    /**
     * Interval at which a socket checks its session and role again, in seconds. The end of a session closes its sockets
     * at once, without waiting for this check.
     */
    static final int RECHECK_SECONDS = 30;

    public static DashboardLimits of(AgentConfig config) {
        return new DashboardLimits(config.helloTimeout(), config.idleTimeout());
    }

    SocketLimits ofSocket() {
        return new SocketLimits(
                subscribe, idle, Duration.ZERO, MAX_MESSAGE_BYTES, MAX_UNREAD_BYTES, MAX_UNREAD_BYTES, false);
    }
}
