package dev.ganglion.agent;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of an agent's connection to its brain.
 *
 * <pre>
 *                  wait is over             101                hello_ack
 *  Disconnected ──────────────▶ Connecting ────▶ Handshaking ───────────▶ Online
 *       ▲                            │                 │                     │
 *       └────────────────────────────┴──── lost ───────┴─────────────────────┘
 *
 *  any ───── refused (4401, 4003, 4426, 4429, HTTP 401) or stop() ─────▶ Stopped
 * </pre>
 *
 * Before its start an agent is {@code Disconnected} without a wait. {@code Stopped} is final.
 */
public sealed interface AgentState {
    /** Not connected. The next attempt starts after the delay. */
    record Disconnected(int failures, Duration delay, String reason) implements AgentState {
        static final Disconnected INITIAL = new Disconnected(0, Duration.ZERO, "not started");

        Connecting toConnecting() {
            return new Connecting(failures);
        }
    }

    /** The WebSocket upgrade is in progress. */
    record Connecting(int failures) implements AgentState {
        Handshaking toHandshaking() {
            return new Handshaking(failures);
        }
    }

    /** The socket is open and the agent has sent its hello. */
    record Handshaking(int failures) implements AgentState {
        Online toOnline(String agentId, String projectId, String sessionId, Instant since) {
            return new Online(agentId, projectId, sessionId, since);
        }
    }

    /** The agent has a session and sends signed frames. */
    record Online(String agentId, String projectId, String sessionId, Instant since) implements AgentState {}

    /** The agent has stopped; {@code cause} is null if it was stopped on request. */
    record Stopped(@Nullable AgentRefusedException cause) implements AgentState {}

    /** Returns the state after the connection was lost. */
    default Disconnected toDisconnected(int failures, Duration delay, String reason) {
        return new Disconnected(failures, delay, reason);
    }

    /** Returns the final state. */
    default Stopped toStopped(@Nullable AgentRefusedException cause) {
        return new Stopped(cause);
    }
}
