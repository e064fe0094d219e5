package dev.ganglion.gateway;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.protocol.CloseCode;
import dev.ganglion.telemetry.BrainMetrics;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
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

/** What the connections of one listener, and so of one event loop, share. */
public final class ListenerScope {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerScope.class);
    /** One for all, since a deployment keeps its options. */
    private static final DeploymentOptions ALIKE = new DeploymentOptions();

    private final Vertx vertx;
    private final Context outside;
    private final GatewayServices services;
    private final LoopResources resources;
    private final ConnectionTimes times;
    private final Set<AgentConnectionVerticle> connections = new LinkedHashSet<>();
    private final Map<String, Set<AgentConnectionVerticle>> byAgent = new HashMap<>();
    private final BitSet lanesAway = new BitSet();
    private final Draining draining;

    /** {@code outside} is a context that belongs to no verticle: connections deployed from it are nobody's children. */
    ListenerScope(Vertx vertx, Context outside, GatewayServices services, Draining draining) {
        this.draining = draining;
        this.vertx = vertx;
        this.outside = outside;
        this.services = services;
        this.resources = new LoopResources(services.config().agent().maxFrameSize());
        this.times = new ConnectionTimes(
                services.config().agent().helloTimeout(),
                services.config().agent().idleTimeout(),
                services.config().agent().maxPendingOutput());
    }

    /** Deploys a connection that is attached to its socket. */
    void deploy(AgentConnectionVerticle connection) {
        outside.runOnContext(v ->
                connection.deployed(vertx.deployVerticle(connection, ALIKE).onFailure(failure -> {
                    LOG.atError().setCause(failure).log("a connection could not be deployed");
                    connection.end(CloseCode.INTERNAL_ERROR);
                })));
    }

    /** Undeploys a connection whose socket is gone, be it before it was deployed. */
    void ended(AgentConnectionVerticle connection) {
        outside.runOnContext(v -> connection
                .deployment()
                .onSuccess(id -> vertx.undeploy(id)
                        .onFailure(failure -> LOG.atDebug().setCause(failure).log("the connection was undeployed"))));
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

    /** A long-poll session made a request. */
    void polled(SessionRef session) {
        slots().polled(session);
        metrics().online().polled(session.projectSlug());
    }

    /**
     * Ends a connection that was closed and is not gone by then. A close frame stands behind all that the peer does not
     * read, and Vert.x waits for it without end.
     */
    void cutLater(ServerWebSocket socket, long delayMs) {
        after(delayMs, () -> cut(socket));
    }

    /** Ends a connection at once, whatever is still to be written. */
    static void cut(ServerWebSocket socket) {
        ChannelHandlerContext channel = ((WebSocketInternal) socket).channelHandlerContext();
        if (channel.channel().isOpen()) {
            ChannelFuture unused = channel.close();
        }
    }

    /** Does something later; what it gives is for {@link #cancel}. */
    @CanIgnoreReturnValue
    long after(long delayMs, Runnable work) {
        return vertx.setTimer(delayMs, timer -> work.run());
    }

    void cancel(long timer) {
        vertx.cancelTimer(timer);
    }

    /** Does what takes long on another thread. */
    <T> Future<T> aside(Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }

    /** Whether this node leaves. */
    boolean leaving() {
        return draining.now();
    }

    /** A lane lost the store or has it back. */
    void lane(int lane, boolean available) {
        boolean before = storeAway();
        lanesAway.set(lane, !available);
        if (before != storeAway()) {
            boolean away = storeAway();
            connections.forEach(connection -> connection.storeAway(away));
        }
    }

    boolean storeAway() {
        return !lanesAway.isEmpty();
    }

    String laneOf(String agentId) {
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

    LoopResources resources() {
        return resources;
    }

    ConnectionTimes times() {
        return times;
    }

    LocalBus bus() {
        return services.bus();
    }

    SlotDirectory slots() {
        return services.slots();
    }

    BrainMetrics metrics() {
        return services.metrics();
    }

    Clock clock() {
        return services.clock();
    }

    GatewayServices services() {
        return services;
    }
}
