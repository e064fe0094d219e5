package dev.ganglion.gateway;

import dev.ganglion.auth.AgentAuthenticator;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.telemetry.BrainMetrics;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * What the gateway works with.
 *
 * @param config the brain's configuration
 * @param nodeId this node
 * @param brainVersion what agents are told
 * @param authenticator tells agents by their bearer
 * @param bus the way to the lanes
 * @param slots where slots are claimed before the store is asked
 * @param cutOff whether this node may take nobody new
 * @param metrics where things are counted
 * @param clock the time
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
