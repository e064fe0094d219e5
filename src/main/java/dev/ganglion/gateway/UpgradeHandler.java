package dev.ganglion.gateway;

import dev.ganglion.auth.AgentAuthenticator.Identity;
import dev.ganglion.auth.Bearer;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.SessionIds;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.socket.GuardedSocket;
import dev.ganglion.socket.OpenConnection;
import dev.ganglion.socket.UpgradeFault;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits or rejects WebSocket upgrades of agents. It performs the cheapest checks first: the rate limit of the address,
 * the state of the node, the availability of the store, the bearer token.
 *
 * <p>The two agent paths differ in two ways only: how an invalid bearer token is rejected, and which signature encoding
 * is the default.
 */
final class UpgradeHandler implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(UpgradeHandler.class);
    private static final String LIBRARY_PATH = "/ws/agent";

    private final ListenerScope scope;
    private final HandshakeLimiter limiter;
    private final Draining draining;
    private final SessionTerms.Limits limits;

    UpgradeHandler(ListenerScope scope, HandshakeLimiter limiter, Draining draining) {
        this.scope = scope;
        this.limiter = limiter;
        this.draining = draining;
        this.limits = limits(scope.services());
    }

    /** Whether agents open WebSockets at {@code path}. */
    static boolean isAgentPath(String path) {
        return path.equals("/ws") || path.equals(LIBRARY_PATH);
    }

    @Override
    public void handle(HttpServerRequest request) {
        String address =
                ClientAddress.of(request, scope.services().config().http().trustedProxies());
        if (isMalformed(request)) {
            return;
        }
        int wait = limiter.admit(address, scope.ticker().nanos());
        if (wait > 0) {
            scope.metrics().upgradeRefused("rate");
            new AgentHttpError(
                            429,
                            ErrorCode.RATE_LIMITED,
                            "too many connections from this address; wait for the time in Retry-After",
                            wait)
                    .answer(request);
            return;
        }
        if (draining.active()) {
            draining(request);
            return;
        }
        if (scope.storeUnavailable()) {
            storeUnavailable(request);
            return;
        }
        if (scope.services().node().isCutOff()) {
            scope.metrics().upgradeRefused("cut_off");
            AgentHttpError.cutOff().answer(request);
            return;
        }
        authenticate(request, address);
    }

    private void authenticate(HttpServerRequest request, String address) {
        Optional<String> fault = AgentQuery.fault(request, Set.of());
        if (fault.isPresent()) {
            scope.metrics().upgradeRefused("query");
            AgentHttpError.of(ErrorCode.VALIDATION_FAILED, fault.get()).answer(request);
            return;
        }
        request.pause();
        Optional<String> bearer = Bearer.of(request.getHeader(HttpHeaders.AUTHORIZATION));
        if (bearer.isEmpty()) {
            unauthorized(request);
            return;
        }
        scope.services()
                .authenticator()
                .authenticate(bearer.get())
                .onSuccess(identity ->
                        identity.ifPresentOrElse(found -> admit(request, found, address), () -> unauthorized(request)))
                .onFailure(failure -> storeUnavailable(request));
    }

    /** Answers a request that is no upgrade, or none that could succeed. Returns whether it did. */
    private boolean isMalformed(HttpServerRequest request) {
        if (!isUpgrade(request)) {
            request.response().putHeader(HttpHeaders.UPGRADE, "websocket");
            new AgentHttpError(
                            426,
                            ErrorCode.UPGRADE_REQUIRED,
                            "this path accepts WebSocket connections only; send an upgrade request",
                            0)
                    .answer(request);
            return true;
        }
        Optional<UpgradeFault> fault = UpgradeFault.of(request);
        if (fault.isPresent()) {
            scope.metrics().upgradeRefused("malformed");
            AgentHttpError.of(fault.get().code(), fault.get().message()).answer(request);
        }
        return fault.isPresent();
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET)
                && "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    }

    private void draining(HttpServerRequest request) {
        scope.metrics().upgradeRefused("draining");
        AgentHttpError.of(ErrorCode.NODE_STOPPING, "this node is shutting down; connect to another node")
                .answer(request);
    }

    private void storeUnavailable(HttpServerRequest request) {
        scope.metrics().upgradeRefused("store");
        AgentHttpError.storeUnavailable().answer(request);
    }

    /**
     * Rejects a missing or invalid bearer token. The documented path {@code /ws} ends the WebSocket with a close code.
     * The path {@code /ws/agent} answers 401, because released agents handle that better.
     */
    private void unauthorized(HttpServerRequest request) {
        scope.metrics().upgradeRefused("bearer");
        if (request.path().equals(LIBRARY_PATH)) {
            AgentHttpError.unauthorized().answer(request);
            return;
        }
        upgrade(request, socket -> {
            scope.metrics().closed(CloseCode.UNAUTHORIZED.label());
            socket.reject(CloseCode.UNAUTHORIZED.code(), CloseCode.UNAUTHORIZED.reason());
        });
    }

    private void admit(HttpServerRequest request, Identity identity, String address) {
        if (draining.active()) {
            draining(request);
            return;
        }
        if (scope.storeUnavailable()) {
            storeUnavailable(request);
            return;
        }
        OpenConnection.authenticated(request);
        boolean library = request.path().equals(LIBRARY_PATH);
        SessionTerms terms = new SessionTerms(
                new SessionTerms.Identity(
                        identity.project().id(),
                        identity.project().slug(),
                        identity.project().shardOf(identity.agentId()),
                        identity.agentId(),
                        identity.connectionCap(),
                        SessionIds.random(),
                        scope.services().node().id()),
                limits,
                scope.resources().key(identity.secret()),
                library ? HmacEncoding.HEX : HmacEncoding.BASE64,
                address);
        upgrade(request, socket -> {
            AgentConnectionVerticle connection = new AgentConnectionVerticle(socket, scope, terms);
            connection.attach();
            scope.deploy(connection);
            // draining may have started during the upgrade, after the other connections were closed
            if (draining.active()) {
                connection.end(CloseCode.GOING_AWAY);
            }
        });
    }

    private static SessionTerms.Limits limits(GatewayServices services) {
        return new SessionTerms.Limits(
                services.node().brainVersion(),
                (int) services.config().agent().heartbeatInterval().toSeconds(),
                services.config().agent().maxFrameSize(),
                services.config().agent().framesInFlight());
    }

    private void upgrade(HttpServerRequest request, Handler<GuardedSocket> then) {
        GuardedSocket.upgrade(request, scope.socketLimits(), scope.ticker())
                .onSuccess(then)
                .onFailure(failure -> LOG.atDebug().setCause(failure).log("The WebSocket upgrade failed"));
    }
}
