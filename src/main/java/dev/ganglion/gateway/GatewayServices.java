package dev.ganglion.gateway;

import dev.ganglion.auth.AgentAuthenticator;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.telemetry.BrainMetrics;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * The services that the gateway depends on.
 *
 * @param config configuration of the brain
 * @param nodeId identifier of this node
 * @param brainVersion version that the brain reports to agents in the hello acknowledgement
 * @param authenticator authenticates agents by their bearer token
 * @param bus carries messages to the lanes
 * @param slots slot directory, where a session claims its slot before the store confirms it
 * @param cutOff whether this node is cut off from its cluster and must reject new sessions
 * @param metrics counters and gauges of this node
 * @param clock current time
 */
public record GatewayServices(
        GanglionConfig config,
        String nodeId,
        String brainVersion,
        AgentAuthenticator authenticator,
        LocalBus bus,
        SlotDirectory slots,
        BooleanSupplier cutOff,
        BrainMetrics metrics,
        Clock clock) {}
