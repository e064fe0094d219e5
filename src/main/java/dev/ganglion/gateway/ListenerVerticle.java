package dev.ganglion.gateway;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.StoreAvailability;
import dev.ganglion.bus.WorkerChange;
import dev.ganglion.config.HttpConfig;
import dev.ganglion.config.TlsFiles;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.socket.OpenConnection;
import dev.ganglion.socket.OpenConnections;
import dev.ganglion.socket.ResponseWriter;
import dev.ganglion.socket.StrictRequestDecoder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections on the HTTP port and enforces the deadlines of its agent connections. Every event loop has an
 * instance of its own: a single listener would put all sockets on one event loop.
 */
public final class ListenerVerticle extends VerticleBase {
    private static final long TICK_MS = 200;
    private static final long DRAIN_STEP_MS = 20;
    /** Divisor of the drain window: the first 1/5 passes before the node closes any agent connection. */
    private static final int DRAIN_LEAD_DIVISOR = 5;
    /** Time that running requests have to finish when the node stops, in seconds. */
    private static final long REQUEST_GRACE_SECONDS = 2;

    private static final Set<String> WATCHED_PATHS = Set.of("/healthz", "/readyz", "/metrics");
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final GatewayServices services;
    private final Shared shared;
    private @Nullable ListenerScope scope;
    private @Nullable LongPoll longPoll;
    private @Nullable HttpServer server;
    private long pauseTimer = -1;

    /**
     * The objects that all listeners of a node share.
     *
     * @param outside context that belongs to no verticle
     * @param tls certificate and key files, if the port uses TLS
     * @param limiter rate limit for new connections
     * @param draining whether the node is shutting down
     * @param longPoll creates the handler of long-poll requests, one for each listener
     * @param http handles every request that does not come from an agent
     * @param connections all connections to the port
     * @param port port to listen on; if negative, a free port that all listeners share
     */
    public record Shared(
            Context outside,
            Optional<TlsFiles> tls,
            HandshakeLimiter limiter,
            Draining draining,
            LongPoll.Factory longPoll,
            Handler<HttpServerRequest> http,
            OpenConnections connections,
            int port) {}

    /** Creates a listener. It opens the port when it is deployed. */
    public ListenerVerticle(GatewayServices services, Shared shared) {
        this.services = services;
        this.shared = shared;
    }

    @Override
    public Future<?> start() {
        ListenerScope listenerScope = new ListenerScope(vertx, shared.outside(), services, shared.draining());
        scope = listenerScope;
        UpgradeHandler upgrades = new UpgradeHandler(listenerScope, shared.limiter(), shared.draining());
        LongPoll polls = shared.longPoll().create(listenerScope);
        longPoll = polls;
        subscribe(listenerScope, polls);
        checkDeadlines(listenerScope);
        HttpServerOptions options = options();
        HttpServer listening = vertx.createHttpServer(options);
        server = listening;
        listening.connectionHandler(connection -> StrictRequestDecoder.install(connection, options));
        listening.invalidRequestHandler(RequestFraming::undecodable);
        listening.requestHandler(
                request -> ResponseWriter.whenRead(vertx, request, () -> serve(request, upgrades, polls)));
        shared.tls().ifPresent(files -> ServerTls.reload(vertx, listening, files, services.clock()));
        return listening.listen().recover(failure -> Future.failedFuture(withAddress(failure)));
    }

    /** Keeps the last connections below the limit of open files for those who watch the node. */
    private boolean refusedForLoad(HttpServerRequest request) {
        if (!OpenConnection.beyondLimit(request) || WATCHED_PATHS.contains(String.valueOf(request.path()))) {
            return false;
        }
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        AgentHttpError.of(
                        ErrorCode.NODE_BUSY,
                        "this node has too many connections; connect to another node or retry later")
                .answer(request);
        return true;
    }

    private void serve(HttpServerRequest request, UpgradeHandler upgrades, LongPoll polls) {
        if (RequestFraming.refused(request) || PathForm.refused(request) || refusedForLoad(request)) {
            return;
        }
        if (UpgradeHandler.isAgentPath(request.path())) {
            upgrades.handle(request);
        } else if (polls.serves(request.path())) {
            polls.handle(request);
        } else {
            if (shared.draining().active()) { // a proxy must not reuse a connection that is about to close
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
            shared.http().handle(request);
        }
    }

    private void subscribe(ListenerScope listenerScope, LongPoll polls) {
        vertx.eventBus()
                .<StoreAvailability>localConsumer(
                        Addresses.STORE_AVAILABILITY, message -> onStore(listenerScope, message.body()));
        vertx.eventBus()
                .<String>localConsumer(
                        Addresses.AGENT_REVOKED, message -> onRevoked(listenerScope, polls, message.body()));
        vertx.eventBus()
                .<WorkerChange>localConsumer(
                        Addresses.WORKER_CHANGED, message -> onWorker(listenerScope, message.body()));
    }

    /** Checks the deadlines of all connections regularly, and measures how late the event loop runs these checks. */
    private void checkDeadlines(ListenerScope listenerScope) {
        long[] dueAt = {services.ticker().nanos() + TimeUnit.MILLISECONDS.toNanos(TICK_MS)};
        vertx.setPeriodic(TICK_MS, timer -> {
            long now = services.ticker().nanos();
            services.metrics().eventLoopLag(now - dueAt[0]);
            dueAt[0] = now + TimeUnit.MILLISECONDS.toNanos(TICK_MS);
            List.copyOf(listenerScope.connections()).forEach(connection -> connection.tick(now));
            shared.connections().checkDeadlines();
        });
    }

    private Throwable withAddress(Throwable failure) {
        HttpConfig http = services.config().http();
        return failure instanceof IOException
                ? new IOException(
                        "cannot listen on http.host %s, http.port %d: %s; free the port or choose another"
                                .formatted(http.host(), http.port(), failure.getMessage()),
                        failure)
                : failure;
    }

    @Override
    public Future<?> stop() {
        return server == null ? Future.succeededFuture() : server.shutdown(REQUEST_GRACE_SECONDS, TimeUnit.SECONDS);
    }

    /** The port that this listener uses, or -1 before it is deployed. */
    public int port() {
        return server == null ? -1 : server.actualPort();
    }

    /** The number of open agent connections of this listener. */
    public int connections() {
        return scope == null ? 0 : scope.connections().size();
    }

    /**
     * Closes all agent connections with 1001, spread over the window and in random order. Waiting polls end at once.
     *
     * <p>The first close waits for a fifth of the window. Until proxies notice that this node is not ready, they would
     * route the agents back to it. May be called on any thread.
     */
    public void drain(Duration window) {
        context.runOnContext(v -> {
            if (scope == null || longPoll == null) {
                return;
            }
            longPoll.endAll();
            List<AgentConnectionVerticle> all = new ArrayList<>(scope.connections());
            Collections.shuffle(all);
            Duration lead = window.dividedBy(DRAIN_LEAD_DIVISOR);
            long startsAt = services.ticker().nanos() + lead.toNanos();
            long duration = Math.max(1, window.minus(lead).toNanos());
            int[] closed = {0};
            vertx.setPeriodic(1, DRAIN_STEP_MS, timer -> {
                double elapsed = (services.ticker().nanos() - startsAt) / (double) duration;
                int due = (int) Math.ceil(all.size() * Math.min(1, elapsed));
                while (closed[0] < due) {
                    all.get(closed[0]++).end(CloseCode.GOING_AWAY);
                }
                if (closed[0] >= all.size()) {
                    vertx.cancelTimer(timer);
                }
            });
        });
    }

    private void endAll(CloseCode code) {
        if (scope != null) {
            List.copyOf(scope.connections()).forEach(connection -> connection.end(code));
        }
    }

    private void onStore(ListenerScope listenerScope, StoreAvailability change) {
        listenerScope.laneAvailabilityChanged(change.lane(), change.available());
        if (listenerScope.storeUnavailable() && pauseTimer == -1) {
            pauseTimer = vertx.setTimer(services.config().store().pauseLimit().toMillis(), timer -> {
                pauseTimer = -1;
                endAll(CloseCode.STORE_UNAVAILABLE);
            });
        } else if (!listenerScope.storeUnavailable() && pauseTimer != -1) {
            vertx.cancelTimer(pauseTimer);
            pauseTimer = -1;
        }
    }

    private static void onWorker(ListenerScope listenerScope, WorkerChange change) {
        listenerScope.connectionsOf(change.session().agentId()).forEach(connection -> connection.workerChanged(change));
    }

    private static void onRevoked(ListenerScope listenerScope, LongPoll polls, String agentId) {
        listenerScope.connectionsOf(agentId).forEach(connection -> connection.end(CloseCode.REVOKED));
        polls.revoked(agentId);
        listenerScope.slots().pollsEnded(agentId);
    }

    private HttpServerOptions options() {
        int maxFrame = services.config().agent().maxFrameSize();
        HttpServerOptions options = new HttpServerOptions();
        shared.tls().ifPresent(files -> options.setSsl(true).setKeyCertOptions(ServerTls.of(files)));
        return options.setHost(services.config().http().host())
                .setPort(shared.port())
                .setUseProxyProtocol(services.config().http().proxyProtocol())
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setRegisterWebSocketWriteHandlers(false)
                // The limits exceed the frame limit, so that the session itself can reject an oversized message with
                // its close code.
                .setMaxWebSocketFrameSize(4 * maxFrame)
                .setMaxWebSocketMessageSize(4 * maxFrame)
                .setWebSocketClosingTimeout((int) CLOSE_TIMEOUT.toSeconds())
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false)
                .setTcpNoDelay(true)
                .setMaxHeaderSize(16 * 1024)
                .setMaxInitialLineLength(8 * 1024)
                .setHandle100ContinueAutomatically(false)
                .setIdleTimeout(
                        2 * (int) services.config().agent().idleTimeout().toSeconds() + 60);
    }
}
