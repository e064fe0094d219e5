package dev.ganglion.api.dashboard;

import dev.ganglion.api.dashboard.DashboardAccess.Visitor;
import dev.ganglion.api.request.ErrorResponses;
import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Readiness;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Admits the dashboard sockets of this node and forwards changes from all nodes to them. Thread-safe. */
public final class Dashboards {
    private static final Logger LOG = LoggerFactory.getLogger(Dashboards.class);

    private final Vertx vertx;
    private final DashboardAccess access;
    private final DashboardLimits limits;
    private final Readiness readiness;
    private final BrainMetrics metrics;
    private final Set<DashboardSocket> sockets = ConcurrentHashMap.newKeySet();
    /** Open sockets plus those that are being admitted. */
    private final AtomicInteger count = new AtomicInteger();

    public Dashboards(
            Vertx vertx, DashboardAccess access, DashboardLimits limits, Readiness readiness, BrainMetrics metrics) {
        this.vertx = vertx;
        this.access = access;
        this.limits = limits;
        this.readiness = readiness;
        this.metrics = metrics;
        metrics.dashboards(sockets::size);
    }

    /** Subscribes to changes and to ended logins, for as long as the node runs. */
    public void start() {
        vertx.eventBus().<ChangeNotice>localConsumer(Addresses.CHANGED, message -> changed(message.body()));
        vertx.eventBus().<String>localConsumer(Addresses.LOGIN_ENDED, message -> revoked(message.body()));
    }

    private void changed(ChangeNotice change) {
        sockets.forEach(socket -> socket.changed(change));
    }

    private void revoked(String sessionId) {
        sockets.stream().filter(socket -> socket.isOf(sessionId)).forEach(DashboardSocket::revoked);
    }

    /**
     * Handles an upgrade. The session is checked before the upgrade, so that an unavailable store can be reported over
     * HTTP.
     */
    public void upgrade(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            context.response().putHeader(HttpHeaders.UPGRADE, "websocket");
            ErrorResponses.answer(
                    context,
                    new GanglionException(
                            ErrorCode.UPGRADE_REQUIRED,
                            "this path accepts WebSocket connections only; send an upgrade request"));
            return;
        }
        if (readiness.faults().containsKey("draining")) {
            ErrorResponses.answer(
                    context,
                    new GanglionException(
                            ErrorCode.NODE_STOPPING, "this node is shutting down; connect to another node"));
            return;
        }
        if (count.incrementAndGet() > DashboardLimits.MAX_SOCKETS) {
            count.decrementAndGet();
            metrics.upgradeRefused("dashboards");
            ErrorResponses.answer(
                    context,
                    new GanglionException(
                            ErrorCode.NODE_BUSY,
                            "this node has reached its limit of dashboard connections; retry later"));
            return;
        }
        request.pause();
        Context loop = vertx.getOrCreateContext();
        access.visitor(request)
                .onComplete(asked -> loop.runOnContext(v -> {
                    if (asked.succeeded()) {
                        admit(context, asked.result().orElse(null));
                    } else {
                        refuse(
                                context,
                                new GanglionException(
                                        ErrorCode.STORE_UNAVAILABLE,
                                        "the store is unavailable; retry later",
                                        null,
                                        asked.cause()));
                    }
                }));
    }

    private void refuse(RoutingContext context, GanglionException problem) {
        count.decrementAndGet();
        context.request().resume();
        ErrorResponses.answer(context, problem);
    }

    private void admit(RoutingContext context, @Nullable Visitor visitor) {
        if (visitor == null) {
            turnAway(context, DashboardClose.NO_SESSION);
        } else if (!isFrom(visitor, context.request().getHeader(HttpHeaders.ORIGIN))) {
            turnAway(context, DashboardClose.FOREIGN_ORIGIN);
        } else if (sockets.stream()
                        .filter(socket -> socket.isOf(visitor.sessionId()))
                        .count()
                >= DashboardLimits.MAX_OF_SESSION) {
            metrics.upgradeRefused("dashboards");
            refuse(
                    context,
                    new GanglionException(
                            ErrorCode.RATE_LIMITED,
                            "this session has reached its limit of dashboard connections; close one"));
        } else {
            open(context, socket -> socket.begin(visitor));
        }
    }

    /**
     * Rejects a visitor with a close code, which occupies a socket for a moment. Above half of the socket limit, it
     * rejects with HTTP 401 instead, so that unauthenticated visitors take no sockets from users.
     */
    private void turnAway(RoutingContext context, DashboardClose why) {
        if (count.get() > DashboardLimits.MAX_SOCKETS / 2) {
            refuse(context, new GanglionException(ErrorCode.UNAUTHORIZED, why.reason()));
        } else {
            open(context, socket -> socket.refused(why));
        }
    }

    /**
     * Checks the Origin header. Browsers always send it; without it, the caller is not a browser, and the cookie alone
     * is not accepted.
     */
    private static boolean isFrom(Visitor visitor, @Nullable String origin) {
        return origin != null && visitor.isFrom(origin);
    }

    private void open(RoutingContext context, Consumer<DashboardSocket> then) {
        // Take the channel now: the WebSocket of the router does not give access to it.
        Channel channel = ((HttpServerConnection) context.request().connection())
                .channelHandlerContext()
                .channel();
        try {
            context.request()
                    .toWebSocket()
                    .onSuccess(socket -> then.accept(attached(socket, channel)))
                    .onFailure(failure -> {
                        count.decrementAndGet();
                        LOG.atDebug().setCause(failure).log("The WebSocket upgrade failed");
                    });
        } catch (IllegalStateException e) {
            count.decrementAndGet();
            LOG.atDebug().setCause(e).log("The browser disconnected during the upgrade");
        }
    }

    private DashboardSocket attached(ServerWebSocket socket, Channel channel) {
        DashboardSocket dashboard = new DashboardSocket(vertx, socket, channel, limits, metrics);
        sockets.add(dashboard);
        socket.closeHandler(closed -> {
            dashboard.closed();
            if (sockets.remove(dashboard)) {
                count.decrementAndGet();
            }
        });
        return dashboard;
    }
}
