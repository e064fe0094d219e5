package dev.ganglion.api.dashboard;

import dev.ganglion.api.dashboard.DashboardAccess.Visitor;
import dev.ganglion.api.request.ErrorResponses;
import dev.ganglion.api.request.KnownParameters;
import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.socket.GuardedSocket;
import dev.ganglion.socket.OpenConnection;
import dev.ganglion.socket.SocketLimits;
import dev.ganglion.socket.UpgradeFault;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Readiness;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
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
    private final SocketLimits limits;
    private final Readiness readiness;
    private final BrainMetrics metrics;
    private final Ticker ticker;
    private final Set<DashboardSocket> sockets = ConcurrentHashMap.newKeySet();
    /** Open sockets plus those that are being admitted. */
    private final AtomicInteger count = new AtomicInteger();

    public Dashboards(
            Vertx vertx,
            DashboardAccess access,
            DashboardLimits limits,
            Readiness readiness,
            BrainMetrics metrics,
            Ticker ticker) {
        this.vertx = vertx;
        this.access = access;
        this.limits = limits.ofSocket();
        this.readiness = readiness;
        this.metrics = metrics;
        this.ticker = ticker;
        metrics.dashboards(sockets::size);
    }

    /** Subscribes to changes, to ended logins and to changed rights, for as long as the node runs. */
    public void start() {
        vertx.eventBus().<ChangeNotice>localConsumer(Addresses.CHANGED, message -> changed(message.body()));
        vertx.eventBus().<String>localConsumer(Addresses.LOGIN_ENDED, message -> revoked(message.body()));
        vertx.eventBus().<String>localConsumer(Addresses.ACCESS_CHANGED, message -> recheck(message.body()));
    }

    private void changed(ChangeNotice change) {
        sockets.forEach(socket -> socket.changed(change));
    }

    private void revoked(String sessionId) {
        sockets.stream().filter(socket -> socket.isOf(sessionId)).forEach(DashboardSocket::revoked);
    }

    private void recheck(String subjectId) {
        sockets.forEach(socket -> socket.accessChanged(subjectId));
    }

    /**
     * Handles an upgrade. The session is checked before the upgrade, so that an unavailable store can be reported over
     * HTTP.
     */
    public void upgrade(RoutingContext context) {
        HttpServerRequest request = context.request();
        KnownParameters.checkNone(context);
        if (isMalformed(context, request)) {
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
                .onComplete(found -> loop.runOnContext(v -> {
                    if (found.succeeded()) {
                        admit(context, found.result().orElse(null));
                    } else {
                        refuse(
                                context,
                                new GanglionException(
                                        ErrorCode.STORE_UNAVAILABLE,
                                        "the store is unavailable; retry later",
                                        null,
                                        found.cause()));
                    }
                }));
    }

    /** Answers a request that is no upgrade, or none that could succeed. Returns whether it did. */
    private boolean isMalformed(RoutingContext context, HttpServerRequest request) {
        if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            context.response().putHeader(HttpHeaders.UPGRADE, "websocket");
            ErrorResponses.answer(
                    context,
                    new GanglionException(
                            ErrorCode.UPGRADE_REQUIRED,
                            "this path accepts WebSocket connections only; send an upgrade request"));
            return true;
        }
        Optional<UpgradeFault> fault = UpgradeFault.of(request);
        if (fault.isPresent()) {
            metrics.upgradeRefused("malformed");
            ErrorResponses.answer(
                    context,
                    new GanglionException(fault.get().code(), fault.get().message()));
        }
        return fault.isPresent();
    }

    private void refuse(RoutingContext context, GanglionException error) {
        count.decrementAndGet();
        context.request().resume();
        ErrorResponses.answer(context, error);
    }

    private void admit(RoutingContext context, @Nullable Visitor visitor) {
        if (visitor == null) {
            reject(context, DashboardClose.NO_SESSION);
        } else if (!isFrom(visitor, context.request().getHeader(HttpHeaders.ORIGIN))) {
            reject(context, DashboardClose.FOREIGN_ORIGIN);
        } else if (sockets.stream()
                        .filter(socket -> socket.isOf(visitor.sessionId()))
                        .count()
                >= DashboardLimits.MAX_SOCKETS_PER_SESSION) {
            metrics.upgradeRefused("dashboards");
            refuse(
                    context,
                    new GanglionException(
                            ErrorCode.RATE_LIMITED,
                            "this session has reached its limit of dashboard connections; close one"));
        } else {
            OpenConnection.authenticated(context.request());
            open(context, socket -> socket.start(visitor));
        }
    }

    /**
     * Rejects a visitor with a close code, which occupies a socket for a moment. Above half of the socket limit, it
     * rejects with HTTP 401 instead, so that unauthenticated visitors take no sockets from users.
     */
    private void reject(RoutingContext context, DashboardClose code) {
        if (count.get() > DashboardLimits.MAX_SOCKETS / 2) {
            refuse(context, new GanglionException(ErrorCode.UNAUTHORIZED, code.reason()));
        } else {
            open(context, socket -> socket.reject(code));
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
        GuardedSocket.upgrade(context.request(), limits, ticker)
                .onSuccess(socket -> then.accept(add(socket)))
                .onFailure(failure -> {
                    count.decrementAndGet();
                    LOG.atDebug().setCause(failure).log("The WebSocket upgrade failed");
                });
    }

    private DashboardSocket add(GuardedSocket socket) {
        DashboardSocket dashboard = new DashboardSocket(socket, ticker, metrics, this::remove);
        sockets.add(dashboard);
        return dashboard;
    }

    private void remove(DashboardSocket dashboard) {
        if (sockets.remove(dashboard)) {
            count.decrementAndGet();
        }
    }
}
