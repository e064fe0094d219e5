package dev.ganglion.gateway;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.ReportedWorkers;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.bus.WorkerChange;
import dev.ganglion.gateway.SessionState.AwaitingHello;
import dev.ganglion.gateway.SessionState.Ended;
import dev.ganglion.gateway.SessionState.Online;
import dev.ganglion.gateway.SessionState.Opening;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameSigner;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.UnsignedFrames;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolException;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.ErrorFrame;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.FrameIds;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.frame.HelloAck;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs the protocol of one agent session, from the first message on its socket to its end. It decides which frames the
 * session accepts and which frames it sends. {@link SessionState} draws the states.
 *
 * <p>The session is confined to one thread at a time. It depends neither on sockets nor on Vert.x: it acts through
 * {@link SessionEffects}.
 */
final class AgentSession {
    private final SessionTerms terms;
    private final SessionEffects effects;
    private final BrainMetrics metrics;
    private final Clock clock;
    private final Ticker ticker;
    private final Instant connectedAt;
    private final SessionJournal journal;
    private final ReportedWorkers workers = new ReportedWorkers();
    private SessionState state = new AwaitingHello();
    private @Nullable SessionRef ref;
    /** Null until a batch repeats. */
    private @Nullable RepeatPacing pacing;

    AgentSession(SessionTerms terms, SessionEffects effects, BrainMetrics metrics, Clock clock, Ticker ticker) {
        this.terms = terms;
        this.effects = effects;
        this.metrics = metrics;
        this.clock = clock;
        this.ticker = ticker;
        this.connectedAt = clock.instant();
        this.journal = new SessionJournal(terms, effects, clock, ticker, connectedAt);
    }

    /** Handles one complete message from the wire. The caller may reuse {@code bytes} afterwards. */
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
                onFrame(online, frame, reader);
            }
        } catch (ProtocolException rejected) {
            if (rejected.closeCode() == CloseCode.STALE_TIMESTAMP && isRepeatOfDurable(reader)) {
                return;
            }
            metrics.frameRefused(rejected.closeCode().label());
            if (rejected.closeCode() == CloseCode.STALE_TIMESTAMP) {
                journal.compareClocks(reader);
            }
            end(
                    state instanceof AwaitingHello ? handshakeCode(rejected.closeCode()) : rejected.closeCode(),
                    rejected.getMessage());
        }
    }

    /** Rejects frame types that only a brain sends. An agent that returns them is faulty or replays traffic. */
    private static void checkDirection(Frame frame) {
        if (frame instanceof Command || frame instanceof EventBatchAck) {
            throw new ProtocolException(
                    CloseCode.MALFORMED_FRAME,
                    "type: only a brain sends " + frame.type().wireName() + " frames",
                    "type");
        }
    }

    /**
     * Ends the session because a message exceeds the size limit. The caller detects the excess before the message is
     * complete.
     */
    void onOversize() {
        end(CloseCode.TOO_LARGE, null);
    }

    /** Ends the session because the bytes received are not valid WebSocket frames. */
    void onWebSocketViolation() {
        end(CloseCode.PROTOCOL_ERROR, null);
    }

    /** Handles a message from a lane or another part of the brain. */
    void onBusMessage(SessionMessage message) {
        if (message instanceof SessionMessage.Opened && state instanceof Opening opening) {
            onOpened(opening);
        } else if (message instanceof SessionMessage.HoldBack hold && state instanceof Opening opening) {
            effects.later(hold.millis(), () -> onHoldEnded(opening));
        } else if (message instanceof SessionMessage.FrameApplied applied && state instanceof Online online) {
            onFrameApplied(online, applied);
        } else if (message instanceof SessionMessage.Deliver delivery && state instanceof Online online) {
            send(online, delivery.command());
        } else if (message instanceof SessionMessage.End order) {
            end(order.code(), null);
        }
    }

    /** Notifies the agent that another of its workers joined or left. */
    void onWorkerChange(WorkerChange change) {
        if (state instanceof Online online) {
            send(online, WorkerStatusFrames.of(change));
        }
    }

    /** Ends the session if its hello frame has not arrived yet. */
    void onHelloDeadline() {
        if (state instanceof AwaitingHello) {
            end(CloseCode.HELLO_TIMEOUT, null);
        }
    }

    /** Ends the session with a close code that the node chose. */
    void end(CloseCode code) {
        end(code, null);
    }

    /**
     * Ends the session because its socket is closed, by either side. Releases the slot, if one was claimed.
     *
     * @param code WebSocket close code; 1006 if the peer sent no close frame
     */
    void onSocketClosed(int code) {
        CloseCode last = state instanceof Ended ended ? ended.code() : CloseCode.NORMAL;
        metrics.closed(state instanceof Ended ? last.label() : "peer_" + code);
        if (ref != null && !(state instanceof Ended)) {
            journal.closedByAgent(code);
        }
        if (ref != null) {
            effects.toLane(new LaneMessage.CloseSession(ref, last.label()));
        }
        state = new Ended(last);
    }

    /** The identity of this session; empty before the hello frame. */
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

    /** Whether the socket must not be read until earlier frames took effect. */
    boolean full() {
        return state instanceof Online online
                && (online.pending().inFlight() >= terms.framesInFlight()
                        || online.pending().waiting() >= terms.framesInFlight());
    }

    /** Whether more than one frame is on its way to the store, so that several answers may arrive together. */
    boolean hasSeveralInFlight() {
        return state instanceof Online online && online.pending().inFlight() > 1;
    }

    private static CloseCode handshakeCode(CloseCode code) {
        return code == CloseCode.MALFORMED_FRAME ? CloseCode.MALFORMED_HANDSHAKE : code;
    }

    private void onHello(AwaitingHello awaiting, Hello hello) {
        SessionRef opened = terms.session(hello.worker().id());
        ref = opened;
        journal.helloReceived(opened);
        state = awaiting.toOpening(hello);
        effects.toLane(open(hello));
    }

    /**
     * Claims the slot after a hold. A session that ended meanwhile must not claim: its close message already went to
     * the lane, so nothing would release the slot again.
     */
    private void onHoldEnded(Opening opening) {
        if (state == opening) {
            effects.toLane(open(opening.hello()).secondAttempt());
        }
    }

    private LaneMessage.OpenSession open(Hello hello) {
        return new LaneMessage.OpenSession(session(), terms.connectionCap(), hello, terms.remoteAddress(), connectedAt);
    }

    private void onOpened(Opening opening) {
        SessionBinding binding = terms.binding();
        Hello hello = opening.hello();
        state = opening.toOnline(
                new FrameVerifier(
                        terms.key(), binding, terms.encoding(), hello.features().soleEngine()),
                new FrameSigner(terms.key(), binding));
        if (terms.encoding() == HmacEncoding.HEX && RepeatPacing.resends(hello.agentVersion())) {
            pacing = new RepeatPacing(true);
        }
        HelloAck ack = terms.helloAck(FrameIds.next(), hello.agentVersion());
        effects.write(UnsignedFrames.helloAck(ack, clock.instant()));
        journal.connected(opening.hello());
    }

    private void onFrame(Online online, Frame frame, FrameReader reader) {
        metrics.frameVerified(frame.type().wireName());
        journal.countFrame();
        PendingAnswers pending = online.pending();
        if (frame instanceof EventBatch batch && answeredAsRepeat(online, batch.id(), reader)) {
            return;
        }
        long seq = online.verifier().lastSeq();
        pending.frameSent(seq, frame instanceof EventBatch ? frame.id() : null);
        effects.toLane(new LaneMessage.InboundFrame(session(), seq, frame, ticker.nanos(), workers.newIn(frame)));
    }

    /** Answers a batch that was received before. Returns whether it was one. */
    private boolean answeredAsRepeat(Online online, String batchId, FrameReader reader) {
        long firstSeq = online.pending().answerIfRepeated(batchId, ack -> send(online, ack));
        if (firstSeq == PendingAnswers.NEW) {
            if (pacing != null) {
                pacing.newBatch();
            }
            return false;
        }
        if (pacing == null) {
            pacing = new RepeatPacing(false);
        }
        Instant now = clock.instant();
        Long skew = reader.skewMillis(now);
        int pauseMs = pacing.repeated(firstSeq, skew == null ? 0 : skew, now.toEpochMilli(), ticker.nanos());
        if (RepeatPacing.endsCycle(pauseMs)) {
            journal.resendFlood(pacing.repeats());
        }
        effects.batchRepeated(pauseMs, pacing.looping());
        return true;
    }

    /**
     * Answers a frame that is too old but only repeats a batch that is durable. The frame has no other effect: the
     * session would end for it although nothing is wrong, because old agents fill the buffers of the network with
     * repeats.
     *
     * @return whether the frame was one
     */
    private boolean isRepeatOfDurable(FrameReader reader) {
        if (!(state instanceof Online online)) {
            return false;
        }
        String batchId = online.verifier().acceptLate(reader, clock.instant(), online.pending()::answered);
        return batchId != null && answeredAsRepeat(online, batchId, reader);
    }

    /** Continues to read after a pause that {@link SessionEffects#batchRepeated} asked for. */
    void onPauseOver() {
        if (pacing != null && state instanceof Online online) {
            pacing.resumed(online.verifier().lastSeq(), clock.millis());
        }
    }

    private void onFrameApplied(Online online, SessionMessage.FrameApplied applied) {
        EventBatchAck ack = applied.answer() instanceof EventBatchAck batch ? batch : null;
        if (applied.answer() != null) {
            send(online, applied.answer());
        }
        online.pending().frameApplied(applied.seq(), ack, repeat -> send(online, repeat));
    }

    private SessionRef session() {
        if (ref == null) {
            throw new IllegalStateException("the session has not received a hello frame");
        }
        return ref;
    }

    private void send(Online online, Frame frame) {
        effects.write(online.signer().sign(frame, online.verifier().encoding(), clock.instant()));
    }

    private void end(CloseCode code, @Nullable String detail) {
        if (state instanceof Ended) {
            return;
        }
        SessionState before = state;
        // Set the state first: the writes below may themselves find a reason to end the session.
        state = new Ended(code);
        journal.closedByBrain(before instanceof Online, code, detail);
        if (before instanceof Online online && code != CloseCode.NORMAL && code != CloseCode.GOING_AWAY) {
            String message = detail == null ? code.reason() : detail;
            send(online, new ErrorFrame(FrameIds.next(), code.errorCode().code(), message, true));
        }
        effects.close(code);
    }
}
