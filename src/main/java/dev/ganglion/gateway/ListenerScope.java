package dev.ganglion.gateway;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.config.AgentConfig;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.socket.SocketLimits;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the state that all connections of one listener share. One listener serves one event loop, and this state is
 * confined to it.
 */
public final class ListenerScope {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerScope.class);
    /** Shared by all connections, since Vert.x keeps the options of every deployment. */
    private static final DeploymentOptions DEPLOYMENT = new DeploymentOptions();
    /** Divisor of the idle time-out: an agent that leaves its output unread for 1/3 of it is a slow reader. */
    private static final int UNREAD_DIVISOR = 3;

    private final Vertx vertx;
    private final Context outside;
    private final GatewayServices services;
    private final LoopResources resources;
    private final SocketLimits socketLimits;
    private final Set<AgentConnectionVerticle> connections = new LinkedHashSet<>();
    private final Map<String, Set<AgentConnectionVerticle>> byAgent = new HashMap<>();
    private final BitSet lanesWithoutStore = new BitSet();
    private final Draining draining;

    /**
     * Creates the scope of one listener.
     *
     * @param outside context that belongs to no verticle, so that connections deployed from it have no parent verticle
     */
    ListenerScope(Vertx vertx, Context outside, GatewayServices services, Draining draining) {
        this.draining = draining;
        this.vertx = vertx;
        this.outside = outside;
        this.services = services;
        this.resources = new LoopResources(services.config().agent().maxFrameSize());
        this.socketLimits = socketLimits(services.config().agent());
    }

    private static SocketLimits socketLimits(AgentConfig config) {
        return new SocketLimits(
                config.helloTimeout(),
                config.idleTimeout(),
                config.idleTimeout().dividedBy(UNREAD_DIVISOR),
                config.maxFrameSize(),
                config.maxPendingOutput(),
                SocketLimits.DEFAULT_WRITE_QUEUE_BYTES,
                true);
    }

    /** Deploys a connection that is already attached to its socket. */
    void deploy(AgentConnectionVerticle connection) {
        outside.runOnContext(v ->
                connection.deployed(vertx.deployVerticle(connection, DEPLOYMENT).onFailure(failure -> {
                    LOG.atError()
                            .setCause(failure)
                            .addKeyValue("agentId", connection.agentId())
                            .log("Could not deploy the verticle of a connection; the connection is closed");
                    connection.end(CloseCode.INTERNAL_ERROR);
                })));
    }

    /** Undeploys a connection whose socket is closed. If the deployment is still under way, this waits for it. */
    void undeploy(AgentConnectionVerticle connection) {
        outside.runOnContext(v -> connection
                .deployment()
                .onSuccess(id -> vertx.undeploy(id)
                        .onFailure(failure ->
                                LOG.atDebug().setCause(failure).log("The connection was already undeployed"))));
    }

    void add(AgentConnectionVerticle connection) {
        connections.add(connection);
        byAgent.computeIfAbsent(connection.agentId(), id -> new LinkedHashSet<>(2))
                .add(connection);
        metrics().online().connected(connection.project(), connection.agentId());
    }

    void remove(AgentConnectionVerticle connection) {
        if (connections.remove(connection)) {
            byAgent.computeIfPresent(connection.agentId(), (id, all) -> {
                all.remove(connection);
                return all.isEmpty() ? null : all;
            });
            metrics().online().disconnected(connection.project(), connection.agentId());
        }
    }

    /** Records that a long-poll session made a request. */
    public void pollReceived(SessionRef session) {
        slots().polled(session);
        metrics().online().registerProject(session.projectSlug());
    }

    /**
     * Runs {@code work} after {@code delayMs} milliseconds on this event loop. Returns the timer for {@link #cancel}.
     */
    @CanIgnoreReturnValue
    public long after(long delayMs, Runnable work) {
        return vertx.setTimer(delayMs, timer -> work.run());
    }

    /** Runs {@code work} every {@code intervalMs} milliseconds on this event loop, until {@link #cancel}. */
    public long every(long intervalMs, Runnable work) {
        return vertx.setPeriodic(intervalMs, timer -> work.run());
    }

    public void cancel(long timer) {
        vertx.cancelTimer(timer);
    }

    /** Runs slow work on a thread of the worker pool. */
    public <T> Future<T> onWorkerThread(Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }

    /** Whether this node is draining. */
    public boolean draining() {
        return draining.active();
    }

    /**
     * Records that a lane lost or regained its connection to the store. Reading stops on all connections while any lane
     * lacks the store.
     */
    void laneAvailabilityChanged(int lane, boolean available) {
        boolean before = storeUnavailable();
        lanesWithoutStore.set(lane, !available);
        if (before != storeUnavailable()) {
            boolean unavailable = storeUnavailable();
            connections.forEach(connection -> connection.storeUnavailable(unavailable));
        }
    }

    public boolean storeUnavailable() {
        return !lanesWithoutStore.isEmpty();
    }

    public String laneOf(String agentId) {
        return Addresses.frames(
                Addresses.lane(agentId, services.config().redis().lanes()));
    }

    /** The agent's connections on this event loop. */
    List<AgentConnectionVerticle> connectionsOf(String agentId) {
        return List.copyOf(byAgent.getOrDefault(agentId, Set.of()));
    }

    Set<AgentConnectionVerticle> connections() {
        return connections;
    }

    public LoopResources resources() {
        return resources;
    }

    SocketLimits socketLimits() {
        return socketLimits;
    }

    public LocalBus bus() {
        return services.bus();
    }

    public SlotDirectory slots() {
        return services.slots();
    }

    public BrainMetrics metrics() {
        return services.metrics();
    }

    public Clock clock() {
        return services.clock();
    }

    public Ticker ticker() {
        return services.ticker();
    }

    public GatewayServices services() {
        return services;
    }
}
