package dev.ganglion.gateway;

import dev.ganglion.auth.AgentAuthenticator;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * The services that the gateway depends on.
 *
 * @param config configuration of the brain
 * @param node node that the gateway runs on
 * @param authenticator authenticates agents by their bearer token
 * @param bus carries messages to the lanes
 * @param slots slot directory, where a session claims its slot before the store confirms it
 * @param metrics counters and gauges of this node
 * @param clock wall clock, for the timestamps of frames
 * @param ticker monotonic clock, for time-outs
 */
public record GatewayServices(
        GanglionConfig config,
        Node node,
        AgentAuthenticator authenticator,
        LocalBus bus,
        SlotDirectory slots,
        BrainMetrics metrics,
        Clock clock,
        Ticker ticker) {

    /**
     * The node that the gateway runs on.
     *
     * @param id identifier of the node
     * @param brainVersion version that the brain reports to agents in the hello acknowledgement
     * @param cutOff whether the node is cut off from its cluster and must reject new sessions
     */
    public record Node(String id, String brainVersion, BooleanSupplier cutOff) {
        /** Whether the node is cut off from its cluster now. */
        public boolean isCutOff() {
            return cutOff.getAsBoolean();
        }
    }
}
