package dev.ganglion.gateway;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.WorkerChange;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.socket.MessageAssembler;
import dev.ganglion.socket.ReadingGate;
import dev.ganglion.socket.ReadingGate.Reason;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent's connection: the unit of life on a node. Deployed when its upgrade is admitted and undeployed when its
 * socket ends. A verticle does not get its socket's event loop, so everything here runs on the socket's own context,
 * {@link #start} and {@link #stop} hop onto it.
 */
final class AgentConnectionVerticle extends VerticleBase implements SessionEffects {
    private static final Logger LOG = LoggerFactory.getLogger(AgentConnectionVerticle.class);
    private static final int REPEATS_BEFORE_PAUSE = 64;
    private static final long REPEATS_PAUSE_MS = 50;
    private static final int MAX_REASON_BYTES = 123;
    /** Longer than the peer has for its close frame. */
    private static final long CUT_MS = 5_000;
    /** Messages that may be written before they are flushed. */
    private static final int UNFLUSHED = 64;

    private final ServerWebSocket socket;
    private final Context loop;
    private final ListenerScope scope;
    private final SessionTerms terms;
    private final AgentSession session;
    private final MessageAssembler assembler;
    private final ReadingGate gate;
    private final long acceptedAt;
    private @Nullable MessageConsumer<SessionMessage> orders;
    private Future<String> deployment = Future.failedFuture("not yet deployed");
    private long lastFrameAt;
    private long outputFullSince;
    private long owed;
    private int repeats;
    private boolean flushesTogether;
    private boolean socketClosed;

    AgentConnectionVerticle(ServerWebSocket socket, Context loop, ListenerScope scope, SessionTerms terms) {
        this.socket = socket;
        this.loop = loop;
        this.scope = scope;
        this.terms = terms;
        this.acceptedAt = scope.ticker().nanos();
        this.lastFrameAt = acceptedAt;
        this.session = new AgentSession(terms, this, scope.metrics(), scope.clock(), scope.ticker());
        this.assembler = new MessageAssembler(terms.limits().maxFrameBytes());
        this.gate = new ReadingGate(socket::pause, socket::resume);
    }

    /** Keeps what undeploys it; both on the context that it is deployed from. */
    void deployed(Future<String> id) {
        deployment = id;
    }

    Future<String> deployment() {
        return deployment;
    }

    /** Attaches to the socket, and stands among its listener's connections from then until the socket is closed; in the callback that accepted it, so that no message slips by. */
    void attach() {
        gate.set(Reason.OPENING, true);
        socket.frameHandler(this::onFrame);
        socket.exceptionHandler(this::onException);
        socket.drainHandler(drained -> gate.set(Reason.OUTPUT_FULL, false));
        socket.closeHandler(closed -> onSocketClosed());
        scope.add(this);
    }

    @Override
    public Future<?> start() {
        return onLoop(() -> {
            orders = context.owner()
                    .eventBus()
                    .localConsumer(Addresses.session(terms.identity().sessionId()), message -> onOrder(message.body()));
            storeUnavailable(scope.storeUnavailable());
            gate.set(Reason.OPENING, false);
        });
    }

    @Override
    public Future<?> stop() {
        return onLoop(() -> {
            if (orders != null) {
                orders.unregister().onFailure(failure -> LOG.debug("the session's address was gone", failure));
            }
        });
    }

    private Future<Void> onLoop(Runnable work) {
        Promise<Void> done = Promise.promise();
        loop.runOnContext(v -> {
            try {
                work.run();
                done.complete();
            } catch (RuntimeException e) {
                done.fail(e);
            }
        });
        return done.future();
    }

    private void onFrame(WebSocketFrame frame) {
        if (frame.isPing()) {
            onPing();
        }
        if (!(frame.isText() || frame.isBinary() || frame.isContinuation())) {
            return;
        }
        if (session.ended()) {
            return;
        }
        Buffer data = frame.binaryData();
        if (frame.isContinuation() != assembler.begun()) {
            session.onWebSocketViolation();
        } else if (assembler.tooLarge(data.length())) {
            session.onOversize();
        } else {
            Buffer whole = assembler.add(data, frame.isFinal());
            if (whole != null) {
                onMessage(whole);
            }
        }
    }

    /** Vert.x answers pings by itself, whether or not the answers are read. */
    private void onPing() {
        if (socketClosed || socket.isClosed() || !socket.writeQueueFull()) {
            return;
        }
        if (session.ended()) {
            // The answers hold up the close frame; the connection is cut soon.
            socket.pause();
        } else {
            outputFull();
        }
    }

    private void outputFull() {
        if (!gate.holds(Reason.OUTPUT_FULL)) {
            outputFullSince = scope.ticker().nanos();
            gate.set(Reason.OUTPUT_FULL, true);
        }
    }

    private void onMessage(Buffer message) {
        lastFrameAt = scope.ticker().nanos();
        int length = message.length();
        byte[] bytes = scope.resources().copyBuffer(length);
        message.getBytes(bytes);
        try {
            session.onMessage(scope.resources().reader(), bytes, length);
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("sessionId", terms.identity().sessionId())
                    .log("a frame could not be handled");
            session.end(CloseCode.INTERNAL_ERROR);
        }
        regulate();
    }

    private void onOrder(SessionMessage message) {
        if (message instanceof SessionMessage.Opened opened && !session.ended()) {
            session.ref().ifPresent(ref -> scope.slots().opened(ref, opened.epoch()));
        }
        session.onBusMessage(message);
        regulate();
    }

    private void regulate() {
        if (!session.ended()) {
            gate.set(Reason.OPENING, session.opening());
            gate.set(Reason.FRAMES_IN_FLIGHT, session.full());
        }
    }

    private void onException(Throwable failure) {
        String kind = failure.getClass().getSimpleName();
        if (kind.equals("CorruptedWebSocketFrameException")) {
            if (String.valueOf(failure.getMessage()).contains("Max frame length")) {
                session.onOversize();
            } else {
                session.onWebSocketViolation();
            }
            // Vert.x closes the channel next, and what was written since the last flush would go with it.
            ((WebSocketInternal) socket).channelHandlerContext().flush();
        } else {
            LOG.atDebug()
                    .setCause(failure)
                    .addKeyValue("sessionId", terms.identity().sessionId())
                    .log("socket failed");
        }
    }

    private void onSocketClosed() {
        if (socketClosed) {
            return;
        }
        socketClosed = true;
        scope.remove(this);
        Short code = socket.closeStatusCode();
        session.onSocketClosed(code == null ? 1006 : code);
        scope.undeploy(this);
    }

    /** Called by the listener's clock: deadlines of this connection. */
    void tick(long now) {
        if (session.ended()) {
            return;
        }
        ConnectionLimits times = scope.times();
        if (session.awaitsHello()
                && !gate.holds(Reason.STORE_UNAVAILABLE)
                && now - acceptedAt > times.helloTimeout().toNanos()) {
            session.onHelloDeadline();
        } else if (gate.holds(Reason.OUTPUT_FULL)
                && now - outputFullSince > times.idleTimeout().toNanos() / 3) {
            session.end(CloseCode.SLOW_READER);
        } else if (!gate.open()) {
            lastFrameAt = now;
        } else if (!session.awaitsHello()
                && now - lastFrameAt > times.idleTimeout().toNanos()) {
            session.end(CloseCode.IDLE_TIMEOUT);
        }
    }

    void storeUnavailable(boolean away) {
        if (!session.ended()) {
            gate.set(Reason.STORE_UNAVAILABLE, away);
        }
    }

    void workerChanged(WorkerChange change) {
        if (!change.session().sessionId().equals(terms.identity().sessionId())) {
            session.onWorkerChange(change);
        }
    }

    void end(CloseCode code) {
        session.end(code);
    }

    String project() {
        return terms.identity().projectSlug();
    }

    String agentId() {
        return terms.identity().agentId();
    }

    @Override
    public void write(byte[] utf8) {
        if (socketClosed || socket.isClosed()) {
            return;
        }
        if (!flushesTogether && session.hasSeveralInFlight()) {
            flushTogether();
        }
        owed += utf8.length;
        socket.writeFrame(WebSocketFrame.textFrame(new String(utf8, StandardCharsets.UTF_8), true))
                .onComplete(written -> owed -= utf8.length);
        if (owed > scope.times().maxPendingOutput() && !session.ended()) {
            session.end(CloseCode.SLOW_READER);
        } else if (!socketClosed && socket.writeQueueFull()) {
            outputFull();
        }
    }

    /**
     * Answers come one by one from the lanes: from now on those that are written in one turn of the event loop go in one
     * system call. Not from the start, since an idle connection is not to hold what this takes.
     */
    private void flushTogether() {
        flushesTogether = true;
        ((WebSocketInternal) socket)
                .channelHandlerContext()
                .pipeline()
                .addFirst(new FlushConsolidationHandler(UNFLUSHED, true));
    }

    @Override
    public void close(CloseCode code) {
        if (socketClosed || socket.isClosed()) {
            return;
        }
        if (code == CloseCode.SLOW_READER) {
            // No close frame: it would stand behind all that the peer does not read.
            ListenerScope.cut(socket);
            return;
        }
        gate.openForGood();
        byte[] reason = code.reason().getBytes(StandardCharsets.UTF_8);
        String text = new String(reason, 0, Math.min(reason.length, MAX_REASON_BYTES), StandardCharsets.UTF_8);
        socket.close((short) code.code(), text)
                .onFailure(failure -> LOG.atDebug().setCause(failure).log("the close could not be sent"));
        scope.cutLater(socket, CUT_MS);
    }

    @Override
    public void toLane(LaneMessage message) {
        if (message instanceof LaneMessage.OpenSession open) {
            claim(open);
        } else {
            scope.bus().send(scope.laneOf(terms.identity().agentId()), message);
            if (message instanceof LaneMessage.CloseSession close) {
                scope.slots().released(close.session());
            }
        }
    }

    /** The directory is the early gate; who passes is the store's to order. */
    private void claim(LaneMessage.OpenSession open) {
        scope.slots()
                .claim(open.session(), open.connectionCap())
                .onComplete(asked -> loop.runOnContext(v -> {
                    if (session.ended()) {
                        // Its close went to the lane already: opened now, the slot would stay.
                        scope.slots().released(open.session());
                    } else if (scope.services().node().isCutOff()) {
                        session.end(CloseCode.HOLDER_SUSPECTED);
                    } else if (asked.result() == SlotDirectory.Claim.FULL) {
                        session.end(CloseCode.CAP_REACHED);
                    } else {
                        scope.bus().send(scope.laneOf(terms.identity().agentId()), open);
                    }
                }));
    }

    @Override
    public void later(int millis, Runnable work) {
        scope.after(millis, work);
    }

    @Override
    public void recordInJournal(JournalNote note) {
        scope.bus().send(Addresses.JOURNAL, note);
    }

    @Override
    public void batchRepeated() {
        scope.metrics().batchRepeated(terms.identity().projectSlug(), agentId());
        repeats++;
        if (repeats % REPEATS_BEFORE_PAUSE == 0) {
            gate.set(Reason.REPEATS, true);
            session.onResendFlood(REPEATS_BEFORE_PAUSE);
            scope.after(REPEATS_PAUSE_MS, () -> {
                if (!session.ended()) {
                    gate.set(Reason.REPEATS, false);
                }
            });
        }
    }
}
