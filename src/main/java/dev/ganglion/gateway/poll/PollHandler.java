package dev.ganglion.gateway.poll;

import dev.ganglion.auth.AgentAuthenticator.Identity;
import dev.ganglion.auth.Bearer;
import dev.ganglion.budget.ByteBudget;
import dev.ganglion.gateway.AgentHttpError;
import dev.ganglion.gateway.AgentQuery;
import dev.ganglion.gateway.ClientAddress;
import dev.ganglion.gateway.ListenerScope;
import dev.ganglion.gateway.LongPoll;
import dev.ganglion.protocol.SessionIds;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.socket.OpenConnection;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Admits long-poll requests. Like {@code UpgradeHandler}, it performs the cheapest checks first. It does not apply the
 * rate limit of addresses, since polls of an established session are not new connections.
 *
 * <p>An upload is answered only with status 200, 401, 413 or 503. Released agents treat any other error as a delivery
 * and drop the frames that they sent.
 */
public final class PollHandler implements LongPoll {
    private static final String EVENTS = "/api/v1/agent/events";
    private static final String COMMANDS = "/api/v1/agent/commands";
    private static final String NONCE_HEADER = "X-Z4J-Session-Nonce";
    /** Excludes {@code |}, which separates the parts of a session in the store. */
    private static final Pattern NONCE = Pattern.compile("[!-{}~]{1,128}");

    private static final Set<String> POLL_PARAMETERS = Set.of("wait", "max_frames");

    private static final int MAX_WAIT_SECONDS = 60;
    private static final int MAX_FRAMES = 500;
    private static final int DEFAULT_FRAMES = 50;
    private static final int MAX_BYTES_ON_EVENT_LOOP = 256 * 1024;

    private final ListenerScope scope;
    private final ByteBudget budget;
    private final WaitingPolls waiting = new WaitingPolls();

    /**
     * Creates the handler for the requests of one listener.
     *
     * @param budget limits the bytes of request bodies; shared by all listeners of a node
     */
    public PollHandler(ListenerScope scope, ByteBudget budget) {
        this.scope = scope;
        this.budget = budget;
    }

    @Override
    public boolean serves(String path) {
        return path.equals(EVENTS) || path.equals(COMMANDS);
    }

    @Override
    public void endAll() {
        waiting.endAll();
    }

    @Override
    public void revoked(String agentId) {
        waiting.revoked(agentId);
    }

    @Override
    public void handle(HttpServerRequest request) {
        HttpMethod method = isUpload(request) ? HttpMethod.POST : HttpMethod.GET;
        if (!request.method().equals(method)) {
            request.response().putHeader(HttpHeaders.ALLOW, method.name());
            refuse(request, AgentHttpError.of(ErrorCode.METHOD_NOT_ALLOWED, "this path accepts " + method + " only"));
            return;
        }
        if (scope.storeUnavailable()) {
            refuse(request, AgentHttpError.storeUnavailable());
            return;
        }
        if (scope.services().node().isCutOff()) {
            refuse(request, AgentHttpError.cutOff());
            return;
        }
        Optional<String> bearer = Bearer.of(request.getHeader(HttpHeaders.AUTHORIZATION));
        if (bearer.isEmpty()) {
            refuse(request, AgentHttpError.unauthorized());
            return;
        }
        request.pause();
        scope.services()
                .authenticator()
                .authenticate(bearer.get())
                .onSuccess(identity -> identity.ifPresentOrElse(
                        found -> admit(request, found), () -> refuse(request, AgentHttpError.unauthorized())))
                .onFailure(failure -> refuse(request, AgentHttpError.storeUnavailable()));
    }

    private static boolean isUpload(HttpServerRequest request) {
        return request.path().equals(EVENTS);
    }

    private void refuse(HttpServerRequest request, AgentHttpError refusal) {
        scope.metrics().pollRefused(refusal.code().code());
        refusal.answer(request);
    }

    private void admit(HttpServerRequest request, Identity identity) {
        OpenConnection.authenticated(request);
        Optional<String> fault = AgentQuery.fault(request, isUpload(request) ? Set.of() : POLL_PARAMETERS);
        if (fault.isPresent()) {
            refuse(
                    request,
                    isUpload(request)
                            ? invalid(request, fault.get())
                            : AgentHttpError.of(ErrorCode.VALIDATION_FAILED, fault.get()));
            return;
        }
        String nonce = request.getHeader(NONCE_HEADER);
        if (nonce == null || !NONCE.matcher(nonce).matches()) {
            refuse(request, invalid(request, NONCE_HEADER + ": must be 1 to 128 visible ASCII characters without |"));
            return;
        }
        if (SessionIds.hasForm(nonce)) { // frames of the WebSocket session with this id would verify again
            refuse(
                    request,
                    invalid(
                            request,
                            NONCE_HEADER + ": must not be a session id of the brain (a UUID of version 8);"
                                    + " send at least 16 random bytes as text"));
            return;
        }
        String address =
                ClientAddress.of(request, scope.services().config().http().trustedProxies());
        PollRequest call = new PollRequest(scope, request, identity, nonce, address);
        if (isUpload(request)) {
            upload(call);
        } else {
            poll(call);
        }
    }

    private static AgentHttpError invalid(HttpServerRequest request, String message) {
        return isUpload(request)
                ? new AgentHttpError(503, ErrorCode.INVALID_REQUEST, message, 5)
                : AgentHttpError.of(ErrorCode.INVALID_REQUEST, message);
    }

    private void poll(PollRequest call) {
        Integer wait = number(call.request().getParam("wait"), 0, MAX_WAIT_SECONDS);
        Integer maxFrames = number(call.request().getParam("max_frames"), DEFAULT_FRAMES, MAX_FRAMES);
        if (wait == null || maxFrames == null) {
            String field = wait == null ? "wait" : "max_frames";
            int limit = wait == null ? MAX_WAIT_SECONDS : MAX_FRAMES;
            call.refuse(
                    AgentHttpError.of(ErrorCode.INVALID_REQUEST, field + ": must be an integer from 0 to " + limit));
            return;
        }
        new CommandPoll(call, waiting, wait, maxFrames).start();
    }

    private static @Nullable Integer number(@Nullable String text, int fallback, int max) {
        if (text == null) {
            return fallback;
        }
        boolean digits = !text.isEmpty() && text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && Integer.parseInt(text) <= max ? Integer.valueOf(text) : null;
    }

    private void upload(PollRequest call) {
        ByteBudget.Reservation share = budget.open(call.session().agentId());
        new PollBody(call.request(), budget, share)
                .read(scope)
                .compose(this::frames)
                .onSuccess(frames -> new PollUpload(call, frames, share).start())
                .onFailure(failure -> {
                    share.release();
                    call.refuse(
                            failure instanceof GanglionException error
                                    ? refusal(call, error)
                                    : new AgentHttpError(
                                            503, ErrorCode.INTERNAL, "the body could not be read; send it again", 5));
                });
    }

    /**
     * Decodes a body. A body over 256 KiB is decoded on a worker thread, because decoding it would block the event loop
     * for too long.
     */
    private Future<List<byte[]>> frames(PollBody body) {
        if (body.size() > MAX_BYTES_ON_EVENT_LOOP) {
            return scope.onWorkerThread(() -> UploadFrames.of(body.stream()));
        }
        try {
            return Future.succeededFuture(UploadFrames.of(body.stream()));
        } catch (GanglionException e) {
            return Future.failedFuture(e);
        }
    }

    private static AgentHttpError refusal(PollRequest call, GanglionException error) {
        String message = String.valueOf(error.getMessage());
        return error.errorCode() == ErrorCode.INVALID_REQUEST
                ? invalid(call.request(), message)
                : AgentHttpError.of(error.errorCode(), message);
    }
}
