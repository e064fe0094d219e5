package dev.ganglion.config;

import java.time.Duration;

/**
 * The connections of agents.
 *
 * @param heartbeatInterval what agents are told, in whole seconds
 * @param idleTimeout without any frame for so long, a connection is closed
 * @param helloTimeout the first frame must come within it
 * @param maxFrameSize largest frame in bytes
 * @param connectionCap connections of one agent over the whole cluster, 0 for no cap
 * @param framesInFlight frames of one connection that may wait for the store before it is paused
 * @param maxPendingOutput bytes that a slow reader may owe before it is cut
 * @param handshake limit on new connections
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
    static AgentConfig from(Values values) {
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
