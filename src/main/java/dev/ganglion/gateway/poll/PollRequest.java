package dev.ganglion.gateway.poll;

import dev.ganglion.auth.AgentAuthenticator.Identity;
import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.JournalNote.Ending;
import dev.ganglion.bus.JournalNote.Fact;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.PollAnswer;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.gateway.AgentHttpError;
import dev.ganglion.gateway.ListenerScope;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.socket.ResponseWriter;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One long-poll request of an authenticated agent. It sends messages to the agent's lane, receives the replies, and
 * writes the HTTP response.
 */
final class PollRequest {
    private static final Logger LOG = LoggerFactory.getLogger(PollRequest.class);
    private static final Ending EVICTED = new Ending(
            CloseCode.DISPLACED.code(),
            "evicted",
            "the agent reached its limit of long-poll sessions, and this one was the least recently active");

    private final ListenerScope scope;
    private final HttpServerRequest request;
    private final Identity identity;
    private final String address;
    private SessionRef session;
    private @Nullable MessageConsumer<SessionMessage> answers;

    PollRequest(ListenerScope scope, HttpServerRequest request, Identity identity, String nonce, String address) {
        this.scope = scope;
        this.request = request;
        this.identity = identity;
        this.address = address;
        this.session = new SessionRef(
                identity.project().id(),
                identity.project().slug(),
                identity.project().shardOf(identity.agentId()),
                identity.agentId(),
                nonce,
                UUID.randomUUID().toString(),
                scope.services().node().id(),
                UUID.randomUUID().toString());
    }

    ListenerScope scope() {
        return scope;
    }

    HttpServerRequest request() {
        return request;
    }

    SessionRef session() {
        return session;
    }

    String remoteAddress() {
        return address;
    }

    ProjectKey key() {
        return scope.resources().key(identity.secret());
    }

    SessionBinding binding() {
        return new SessionBinding(identity.agentId(), identity.project().id(), session.workerId());
    }

    /** Receives replies from the lane on the context of the request, until {@link #close}. */
    void listen(Consumer<SessionMessage> handler) {
        answers = Vertx.currentContext()
                .owner()
                .eventBus()
                .localConsumer(session.address(), message -> handler.accept(message.body()));
    }

    void close() {
        if (answers != null) {
            answers.unregister()
                    .onFailure(
                            failure -> LOG.debug("The bus address of the request was already unregistered", failure));
            answers = null;
        }
    }

    void toLane(LaneMessage message) {
        scope.bus().send(scope.laneOf(session.agentId()), message);
    }

    /**
     * Adopts the session that the store found or created, under the session id of the store. Records new and evicted
     * sessions in the journal.
     */
    void opened(PollAnswer.Opened opened) {
        session = session.withStoreId(opened.sessionId());
        scope.pollReceived(session);
        if (opened.fresh()) {
            note(session, new JournalNote.PollOpened(), null);
        }
        for (String nonce : opened.evicted()) {
            scope.metrics().closed(EVICTED.reason());
            scope.slots().pollEnded(withNonce(nonce));
            note(withNonce(nonce), new JournalNote.PollEnded(EVICTED), null);
        }
    }

    private SessionRef withNonce(String nonce) {
        return new SessionRef(
                session.projectId(),
                session.projectSlug(),
                session.shard(),
                session.agentId(),
                nonce,
                session.sessionId(),
                session.nodeId(),
                session.request());
    }

    /**
     * Records that the session ends because of its own frames.
     *
     * @param reason explanation for the journal
     * @param skewMillis difference between the agent's clock and the brain's, in milliseconds; null if unknown
     */
    void recordSessionEnd(CloseCode code, String reason, @Nullable Long skewMillis) {
        scope.metrics().closed(code.label());
        scope.slots().pollEnded(session);
        note(session, new JournalNote.PollEnded(new Ending(code.code(), code.label(), reason)), skewMillis);
    }

    private void note(SessionRef of, Fact fact, @Nullable Long skewMillis) {
        scope.bus()
                .send(
                        Addresses.JOURNAL,
                        new JournalNote(
                                of, address, skewMillis, fact, scope.ticker().nanos()));
    }

    /** Responds with status 200, unless the response was sent before or the agent disconnected. */
    void answer(JsonObject body) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        if (scope.draining()) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        request.response()
                .putHeader("X-Z4J-Agent-Id", identity.agentId())
                .putHeader("X-Z4J-Project-Id", identity.project().id())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        ResponseWriter.end(Vertx.currentContext().owner(), request, body.toBuffer())
                .onFailure(failure -> LOG.trace("The agent disconnected before the response was sent", failure));
    }

    void refuse(AgentHttpError refusal) {
        if (!request.response().ended()) {
            scope.metrics().pollRefused(refusal.code().code());
            refusal.answer(request);
        }
    }
}
