package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import java.time.Duration;

/**
 * Holds the settings for agent connections.
 *
 * @param heartbeatInterval interval at which the brain asks agents to send heartbeats, in whole seconds, 1 s to 5 min
 * @param idleTimeout longest time without any frame before the brain closes a connection, 2 s to 1 h
 * @param helloTimeout longest time until the first frame of a connection arrives, 1 s to 1 min
 * @param maxFrameSize size of the largest accepted frame, in bytes
 * @param connectionCap largest number of connections of one agent in the whole cluster, 0 for no cap
 * @param framesInFlight largest number of frames of one connection that wait for Redis before reading pauses
 * @param maxPendingOutput largest number of bytes that a slow client may leave unread before the brain disconnects it
 * @param handshake rate limit for new connections
 */
public record AgentConfig(
        Duration heartbeatInterval,
        Duration idleTimeout,
        Duration helloTimeout,
        int maxFrameSize,
        int connectionCap,
        int framesInFlight,
        int maxPendingOutput,
        HandshakeConfig handshake) {
    static AgentConfig from(CheckedValues values) {
        return new AgentConfig(
                values.required(ConfigKeys.AGENT_HEARTBEAT_INTERVAL),
                values.required(ConfigKeys.AGENT_IDLE_TIMEOUT),
                values.required(ConfigKeys.AGENT_HELLO_TIMEOUT),
                values.required(ConfigKeys.AGENT_MAX_FRAME_SIZE),
                values.required(ConfigKeys.AGENT_CONNECTION_CAP),
                values.required(ConfigKeys.AGENT_FRAMES_IN_FLIGHT),
                values.required(ConfigKeys.AGENT_MAX_PENDING_OUTPUT),
                HandshakeConfig.from(values));
    }
}
