package dev.ganglion.agent;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent stands with its brain.
 *
 * <pre>
 *                  wait is over             101                hello_ack
 *  Disconnected ───────────────▶ Connecting ────▶ Handshaking ───────────▶ Online
 *       ▲                            │                 │                     │
 *       └────────────────────────────┴──── lost ───────┴─────────────────────┘
 *
 *  any ───── refused (4401, 4003, 4426, 4429, HTTP 401) or stop() ─────▶ Stopped
 * </pre>
 *
 * An agent that was not started yet is {@code Disconnected} with no wait. {@code Stopped} is final.
 */
public sealed interface AgentState {
    /** Not connected: the next attempt starts when the wait is over. */
    record Disconnected(int failures, Duration delay, String reason) implements AgentState {
        static final Disconnected INITIAL = new Disconnected(0, Duration.ZERO, "not started");

        Connecting toConnecting() {
            return new Connecting(failures);
        }
    }

    /** The upgrade is under way. */
    record Connecting(int failures) implements AgentState {
        Handshaking toHandshaking() {
            return new Handshaking(failures);
        }
    }

    /** The socket is open and hello is sent. */
    record Handshaking(int failures) implements AgentState {
        Online toOnline(String agentId, String projectId, String sessionId, Instant since) {
            return new Online(agentId, projectId, sessionId, since);
        }
    }

    /** A session: frames are signed and sent. */
    record Online(String agentId, String projectId, String sessionId, Instant since) implements AgentState {}

    /** The end: in order when there is no cause. */
    record Stopped(@Nullable AgentRefusedException cause) implements AgentState {}

    /** The connection is gone. */
    default Disconnected toDisconnected(int failures, Duration delay, String reason) {
        return new Disconnected(failures, delay, reason);
    }

    /** No further attempt will be made. */
    default Stopped toStopped(@Nullable AgentRefusedException cause) {
        return new Stopped(cause);
    }
}
