package dev.ganglion.api;

import dev.ganglion.api.DashboardAccess.Visitor;
import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.Change;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
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

/** The dashboards that look on from this node: lets them in, and tells them of changes on any node. Thread-safe. */
final class Dashboards {
    private static final Logger LOG = LoggerFactory.getLogger(Dashboards.class);

    private final Vertx vertx;
    private final DashboardAccess access;
    private final DashboardLimits limits;
    private final Readiness readiness;
    private final BrainMetrics metrics;
    private final Set<DashboardSocket> sockets = ConcurrentHashMap.newKeySet();
    /** Also those that are still being let in. */
    private final AtomicInteger count = new AtomicInteger();

    Dashboards(Vertx vertx, DashboardAccess access, DashboardLimits limits, Readiness readiness, BrainMetrics metrics) {
        this.vertx = vertx;
        this.access = access;
        this.limits = limits;
        this.readiness = readiness;
        this.metrics = metrics;
        metrics.dashboards(sockets::size);
    }

    /** Begins to listen for changes, for as long as the node runs. */
    void start() {
        vertx.eventBus().<Change>localConsumer(Addresses.CHANGED, message -> changed(message.body()));
        vertx.eventBus().<String>localConsumer(Addresses.LOGIN_ENDED, message -> revoked(message.body()));
    }

    private void changed(Change change) {
        sockets.forEach(socket -> socket.changed(change));
    }

    private void revoked(String sessionId) {
        sockets.stream().filter(socket -> socket.isOf(sessionId)).forEach(DashboardSocket::revoked);
    }

    /** Takes an upgrade. Whose session it is, is asked before, so that a store that is away is told by HTTP. */
    void upgrade(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            context.response().putHeader(HttpHeaders.UPGRADE, "websocket");
            Problems.answer(
                    context,
                    new GanglionException(
                            ErrorCode.UPGRADE_REQUIRED, "this address speaks WebSocket: send an upgrade"));
            return;
        }
        if (readiness.faults().containsKey("draining")) {
            Problems.answer(context, new GanglionException(ErrorCode.NODE_STOPPING, "this node is stopping"));
            return;
        }
        if (count.incrementAndGet() > DashboardLimits.MAX_SOCKETS) {
            count.decrementAndGet();
            metrics.upgradeRefused("dashboards");
            Problems.answer(
                    context, new GanglionException(ErrorCode.NODE_BUSY, "this node has as many dashboards as it can"));
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
                                        ErrorCode.STORE_UNAVAILABLE, "the store is away", null, asked.cause()));
                    }
                }));
    }

    private void refuse(RoutingContext context, GanglionException problem) {
        count.decrementAndGet();
        context.request().resume();
        Problems.answer(context, problem);
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
            refuse(context, new GanglionException(ErrorCode.RATE_LIMITED, "this session has enough dashboards open"));
        } else {
            open(context, socket -> socket.begin(visitor));
        }
    }

    /** With a close code, which takes a socket for a moment; where they are scarce by HTTP, so that strangers take none from those who are known. */
    private void turnAway(RoutingContext context, DashboardClose why) {
        if (count.get() > DashboardLimits.MAX_SOCKETS / 2) {
            refuse(context, new GanglionException(ErrorCode.UNAUTHORIZED, why.reason()));
        } else {
            open(context, socket -> socket.refused(why));
        }
    }

    /** Browsers always say where they come from; what does not is none, and a cookie does not speak for it. */
    private static boolean isFrom(Visitor visitor, @Nullable String origin) {
        return origin != null && visitor.isFrom(origin);
    }

    private void open(RoutingContext context, Consumer<DashboardSocket> then) {
        // Asked for now: the router's WebSocket does not lead to it.
        Channel channel = ((HttpServerConnection) context.request().connection())
                .channelHandlerContext()
                .channel();
        try {
            context.request()
                    .toWebSocket()
                    .onSuccess(socket -> then.accept(attached(socket, channel)))
                    .onFailure(failure -> {
                        count.decrementAndGet();
                        LOG.atDebug().setCause(failure).log("the upgrade failed");
                    });
        } catch (IllegalStateException e) {
            count.decrementAndGet();
            LOG.atDebug().setCause(e).log("the browser left before it was let in");
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
