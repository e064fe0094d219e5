package dev.ganglion.gateway;

import dev.ganglion.auth.AgentAuthenticator.Identity;
import dev.ganglion.auth.Bearer;
import dev.ganglion.protocol.CloseCode;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.HmacEncoding;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about an agent's upgrade, cheapest question first: the address's rate, the node's state, the store, the
 * bearer. Both agent paths are the same but for how a bad bearer is refused and which signature encoding is the default.
 */
final class UpgradeHandler implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(UpgradeHandler.class);
    private static final int RETRY_AFTER_SECONDS = 5;
    private static final long CUT_MS = 5_000;
    private static final String LIBRARY_PATH = "/ws/agent";

    private final ListenerScope scope;
    private final HandshakeLimiter limiter;
    private final Draining draining;

    UpgradeHandler(ListenerScope scope, HandshakeLimiter limiter, Draining draining) {
        this.scope = scope;
        this.limiter = limiter;
        this.draining = draining;
    }

    /** Whether a path is an agent's. */
    static boolean isAgentPath(String path) {
        return path.equals("/ws") || path.equals(LIBRARY_PATH);
    }

    @Override
    public void handle(HttpServerRequest request) {
        String address =
                ClientAddress.of(request, scope.services().config().http().trustedProxies());
        if (!isUpgrade(request)) {
            request.response().putHeader(HttpHeaders.UPGRADE, "websocket");
            refuse(request, 426, "upgrade_required", "this address speaks WebSocket: send an upgrade", 0);
            return;
        }
        int wait = limiter.admit(address, System.nanoTime());
        if (wait > 0) {
            scope.metrics().upgradeRefused("rate");
            refuse(request, 429, ErrorCode.RATE_LIMITED.code(), "too many connections from this address", wait);
            return;
        }
        if (draining.now()) {
            draining(request);
            return;
        }
        if (scope.storeAway()) {
            storeAway(request);
            return;
        }
        if (scope.services().cutOff().getAsBoolean()) {
            scope.metrics().upgradeRefused("cut_off");
            refuse(
                    request,
                    503,
                    ErrorCode.CUT_OFF.code(),
                    "this node is cut off from the larger part of its cluster",
                    RETRY_AFTER_SECONDS);
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
                        identity.ifPresentOrElse(known -> admit(request, known, address), () -> unauthorized(request)))
                .onFailure(failure -> storeAway(request));
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET)
                && "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    }

    private void draining(HttpServerRequest request) {
        scope.metrics().upgradeRefused("draining");
        refuse(request, 503, ErrorCode.NODE_STOPPING.code(), "this node is stopping", RETRY_AFTER_SECONDS);
    }

    private void storeAway(HttpServerRequest request) {
        scope.metrics().upgradeRefused("store");
        refuse(request, 503, ErrorCode.STORE_UNAVAILABLE.code(), "the store is away", RETRY_AFTER_SECONDS);
    }

    /** On the documented path the agent sees a close code; released agents behave better on HTTP 401. */
    private void unauthorized(HttpServerRequest request) {
        scope.metrics().upgradeRefused("bearer");
        if (request.path().equals(LIBRARY_PATH)) {
            request.response().putHeader("WWW-Authenticate", "Bearer");
            refuse(request, 401, ErrorCode.UNAUTHORIZED.code(), "the bearer is missing or not an agent's token", 0);
            return;
        }
        upgrade(request, socket -> {
            scope.metrics().closed(CloseCode.UNAUTHORIZED.label());
            socket.frameHandler(frame -> {});
            socket.close((short) CloseCode.UNAUTHORIZED.code(), CloseCode.UNAUTHORIZED.reason())
                    .onFailure(failure -> LOG.trace("the peer was gone", failure));
            scope.cutLater(socket, CUT_MS);
        });
    }

    private void admit(HttpServerRequest request, Identity identity, String address) {
        if (draining.now()) {
            draining(request);
            return;
        }
        if (scope.storeAway()) {
            storeAway(request);
            return;
        }
        boolean library = request.path().equals(LIBRARY_PATH);
        SessionTerms terms = new SessionTerms(
                new SessionTerms.Identity(
                        identity.project().id(),
                        identity.project().slug(),
                        identity.project().shardOf(identity.agentId()),
                        identity.agentId(),
                        identity.connectionCap(),
                        UUID.randomUUID().toString(),
                        scope.services().nodeId()),
                limits(),
                scope.resources().key(identity.secret()),
                library ? HmacEncoding.HEX : HmacEncoding.BASE64,
                address);
        Context loop = io.vertx.core.Vertx.currentContext();
        upgrade(request, socket -> {
            AgentConnectionVerticle connection = new AgentConnectionVerticle(socket, loop, scope, terms);
            connection.attach();
            scope.deploy(connection);
            if (draining.now()) { // since the upgrade began, and perhaps after the others were sent away
                connection.end(CloseCode.GOING_AWAY);
            }
        });
    }

    private SessionTerms.Limits limits() {
        return new SessionTerms.Limits(
                scope.services().brainVersion(),
                (int) scope.services().config().agent().heartbeatInterval().toSeconds(),
                scope.services().config().agent().maxFrameSize(),
                scope.services().config().agent().framesInFlight());
    }

    private static void upgrade(HttpServerRequest request, Handler<ServerWebSocket> then) {
        try {
            request.toWebSocket()
                    .onSuccess(then)
                    .onFailure(failure -> LOG.atDebug().setCause(failure).log("the upgrade failed"));
        } catch (IllegalStateException e) {
            LOG.atDebug().setCause(e).log("the agent left before it was let in");
        }
    }

    private static void refuse(
            HttpServerRequest request, int status, String code, @Nullable String message, int retryAfter) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        request.resume();
        if (retryAfter > 0) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfter));
        }
        JsonObject body = new JsonObject()
                .put("error", code)
                .put("message", message)
                .put("details", new JsonObject())
                .put("request_id", UUID.randomUUID().toString());
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body.toBuffer())
                .onFailure(failure -> LOG.trace("the peer was gone", failure));
    }
}
