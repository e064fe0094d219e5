package dev.ganglion.gateway;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.bus.WorkerChange;
import dev.ganglion.gateway.SessionState.AwaitingHello;
import dev.ganglion.gateway.SessionState.Ended;
import dev.ganglion.gateway.SessionState.Online;
import dev.ganglion.gateway.SessionState.Opening;
import dev.ganglion.protocol.CloseCode;
import dev.ganglion.protocol.Command;
import dev.ganglion.protocol.ErrorFrame;
import dev.ganglion.protocol.EventBatch;
import dev.ganglion.protocol.EventBatchAck;
import dev.ganglion.protocol.Frame;
import dev.ganglion.protocol.FrameIds;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameSigner;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.Heartbeat;
import dev.ganglion.protocol.Hello;
import dev.ganglion.protocol.HelloAck;
import dev.ganglion.protocol.ProtocolException;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.UnsignedFrames;
import dev.ganglion.telemetry.BrainMetrics;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One agent's session, from its socket's first message to its end: what it may say next, and what it is told. States
 * are drawn at {@link SessionState}. Runs on one thread at a time and knows neither sockets nor Vert.x.
 */
final class AgentSession {
    private final SessionTerms terms;
    private final SessionEffects effects;
    private final BrainMetrics metrics;
    private final Clock clock;
    private final Instant connectedAt;
    private final SessionJournal journal;
    private SessionState state = new AwaitingHello();
    private @Nullable SessionRef ref;

    AgentSession(SessionTerms terms, SessionEffects effects, BrainMetrics metrics, Clock clock) {
        this.terms = terms;
        this.effects = effects;
        this.metrics = metrics;
        this.clock = clock;
        this.connectedAt = clock.instant();
        this.journal = new SessionJournal(terms, effects, clock, connectedAt);
    }

    /** One whole message from the wire; {@code bytes} may be reused afterwards. */
    void onMessage(FrameReader reader, byte[] bytes, int length) {
        try {
            if (state instanceof AwaitingHello awaiting) {
                reader.read(bytes, 0, length);
                journal.compareClocks(reader);
                onHello(awaiting, reader.hello());
            } else if (state instanceof Online online) {
                reader.read(bytes, 0, length);
                Frame frame = online.verifier().verify(reader, clock.instant());
                if (frame instanceof Heartbeat) {
                    journal.compareClocks(reader);
                }
                checkDirection(frame);
                onFrame(online, frame);
            }
        } catch (ProtocolException refused) {
            metrics.frameRefused(refused.closeCode().label());
            if (refused.closeCode() == CloseCode.STALE_TIMESTAMP) {
                journal.compareClocks(reader);
            }
            end(
                    state instanceof AwaitingHello ? atHandshake(refused.closeCode()) : refused.closeCode(),
                    refused.getMessage());
        }
    }

    /** What only brains send comes back from nobody who means well. */
    private static void checkDirection(Frame frame) {
        if (frame instanceof Command || frame instanceof EventBatchAck) {
            throw new ProtocolException(
                    CloseCode.MALFORMED_FRAME,
                    "only a brain sends " + frame.type().wireName(),
                    "type");
        }
    }

    /** A message over the limit, found before it was whole. */
    void onOversize() {
        end(CloseCode.TOO_LARGE, null);
    }

    /** Bytes that are no WebSocket frames. */
    void onWebSocketViolation() {
        end(CloseCode.PROTOCOL_ERROR, null);
    }

    /** The brain's other parts speak. */
    void onBusMessage(SessionMessage message) {
        if (message instanceof SessionMessage.Opened && state instanceof Opening opening) {
            onOpened(opening);
        } else if (message instanceof SessionMessage.HoldBack hold && state instanceof Opening opening) {
            effects.later(hold.millis(), () -> onHoldOver(opening));
        } else if (message instanceof SessionMessage.Taken taken && state instanceof Online online) {
            onTaken(online, taken);
        } else if (message instanceof SessionMessage.Deliver delivery && state instanceof Online online) {
            tell(online, delivery.command());
        } else if (message instanceof SessionMessage.End order) {
            end(order.code(), null);
        }
    }

    /** Another worker of this agent joined or left. */
    void onWorkerChange(WorkerChange change) {
        if (state instanceof Online online) {
            tell(online, WorkerNews.of(change));
        }
    }

    /** No hello in time. */
    void onHelloDeadline() {
        if (state instanceof AwaitingHello) {
            end(CloseCode.HELLO_TIMEOUT, null);
        }
    }

    /** Ends the session for a reason of the node's. */
    void onOrder(CloseCode code) {
        end(code, null);
    }

    /** So many batches came again in this session since the last time. */
    void onResendFlood(int batches) {
        journal.resent(batches);
    }

    /** The socket is gone, by whosever doing. */
    void onSocketClosed(int code) {
        CloseCode last = state instanceof Ended ended ? ended.code() : CloseCode.NORMAL;
        metrics.closed(state instanceof Ended ? last.label() : "peer_" + code);
        if (ref != null && !(state instanceof Ended)) {
            journal.left(code);
        }
        if (ref != null) {
            effects.toLane(new LaneMessage.CloseSession(ref, last.label()));
        }
        state = new Ended(last);
    }

    /** What it is called since its hello. */
    Optional<SessionRef> ref() {
        return Optional.ofNullable(ref);
    }

    boolean awaitsHello() {
        return state instanceof AwaitingHello;
    }

    boolean opening() {
        return state instanceof Opening;
    }

    boolean ended() {
        return state instanceof Ended;
    }

    /** Whether no more frames should be read until some took effect. */
    boolean full() {
        return state instanceof Online online
                && (online.pending().inFlight() >= terms.framesInFlight()
                        || online.pending().waiting() >= terms.framesInFlight());
    }

    /** Whether more than one frame is on its way to the store, so that more than one answer may come at once. */
    boolean owesSeveral() {
        return state instanceof Online online && online.pending().inFlight() > 1;
    }

    private static CloseCode atHandshake(CloseCode code) {
        return code == CloseCode.MALFORMED_FRAME ? CloseCode.MALFORMED_HANDSHAKE : code;
    }

    private void onHello(AwaitingHello awaiting, Hello hello) {
        SessionRef opened = terms.session(hello.workerId());
        ref = opened;
        journal.named(opened);
        state = awaiting.toOpening(hello);
        effects.toLane(open(hello));
    }

    /** Not for a session that ended meanwhile: its close went to the lane before, and nobody would give the slot back. */
    private void onHoldOver(Opening opening) {
        if (state == opening) {
            effects.toLane(open(opening.hello()).afterHold());
        }
    }

    private LaneMessage.OpenSession open(Hello hello) {
        return new LaneMessage.OpenSession(session(), terms.connectionCap(), hello, terms.remoteAddress(), connectedAt);
    }

    private void onOpened(Opening opening) {
        SessionBinding binding = terms.binding();
        state = opening.toOnline(
                new FrameVerifier(terms.key(), binding, terms.encoding()), new FrameSigner(terms.key(), binding));
        HelloAck ack = terms.helloAck(FrameIds.next());
        effects.write(UnsignedFrames.helloAck(ack, clock.instant()));
        journal.connected(opening.hello());
    }

    private void onFrame(Online online, Frame frame) {
        metrics.frameVerified(frame.type().wireName());
        journal.frame();
        PendingAnswers pending = online.pending();
        if (frame instanceof EventBatch batch && pending.repeats(batch.id(), ack -> tell(online, ack))) {
            effects.repeated();
            return;
        }
        long seq = online.verifier().lastSeq();
        pending.sent(seq, frame instanceof EventBatch ? frame.id() : null);
        effects.toLane(new LaneMessage.InboundFrame(session(), seq, frame, System.nanoTime()));
    }

    private void onTaken(Online online, SessionMessage.Taken taken) {
        EventBatchAck ack = taken.answer() instanceof EventBatchAck batch ? batch : null;
        if (taken.answer() != null) {
            tell(online, taken.answer());
        }
        online.pending().taken(taken.seq(), ack, repeat -> tell(online, repeat));
    }

    private SessionRef session() {
        if (ref == null) {
            throw new IllegalStateException("the session has not said hello");
        }
        return ref;
    }

    private void tell(Online online, Frame frame) {
        effects.write(online.signer().sign(frame, online.verifier().encoding(), clock.instant()));
    }

    private void end(CloseCode code, @Nullable String why) {
        if (state instanceof Ended) {
            return;
        }
        SessionState before = state;
        // First of all: what is written now may itself find a reason to end.
        state = new Ended(code);
        journal.ended(before instanceof Online, code, why);
        if (before instanceof Online online && code != CloseCode.NORMAL && code != CloseCode.GOING_AWAY) {
            String message = why == null ? code.reason() : why;
            tell(online, new ErrorFrame(FrameIds.next(), code.errorCode().code(), message, true));
        }
        effects.close(code);
    }
}
