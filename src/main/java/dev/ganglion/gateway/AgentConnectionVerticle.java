package dev.ganglion.gateway;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.WorkerChange;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.socket.GuardedSocket;
import dev.ganglion.socket.PauseReason;
import dev.ganglion.socket.SocketListener;
import dev.ganglion.socket.Violation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects one agent's socket with its {@link AgentSession}. It is deployed when the upgrade is admitted, and undeployed
 * when the socket is closed.
 *
 * <p>A verticle does not get the event loop of its socket. Everything here therefore runs on the context of the socket,
 * and {@link #start} and {@link #stop} switch to it.
 */
final class AgentConnectionVerticle extends VerticleBase implements SessionEffects, SocketListener {
    private static final Logger LOG = LoggerFactory.getLogger(AgentConnectionVerticle.class);
    private final GuardedSocket socket;
    private final ListenerScope scope;
    private final SessionTerms terms;
    private final AgentSession session;
    private @Nullable MessageConsumer<SessionMessage> messages;
    private Future<String> deployment = Future.failedFuture("not yet deployed");

    AgentConnectionVerticle(GuardedSocket socket, ListenerScope scope, SessionTerms terms) {
        this.socket = socket;
        this.scope = scope;
        this.terms = terms;
        this.session = new AgentSession(terms, this, scope.metrics(), scope.clock(), scope.ticker());
    }

    /**
     * Stores the deployment. The context that deploys and undeploys connections calls this method and {@link
     * #deployment}.
     */
    void deployed(Future<String> id) {
        deployment = id;
    }

    Future<String> deployment() {
        return deployment;
    }

    /**
     * Attaches to the socket and registers with the listener until the socket is closed. Called in the callback of the
     * upgrade, so that no message is lost. Messages wait until the verticle has started.
     */
    void attach() {
        socket.pauseReading(PauseReason.OPENING, true);
        socket.attach(this);
        scope.add(this);
    }

    @Override
    public Future<?> start() {
        return onSocketContext(() -> {
            messages = context.owner()
                    .eventBus()
                    .localConsumer(
                            Addresses.session(terms.identity().sessionId()), message -> onBusMessage(message.body()));
            storeUnavailable(scope.storeUnavailable());
            socket.pauseReading(PauseReason.OPENING, false);
        });
    }

    @Override
    public Future<?> stop() {
        return onSocketContext(() -> {
            if (messages != null) {
                messages.unregister()
                        .onFailure(failure ->
                                LOG.debug("The bus address of the session was already unregistered", failure));
            }
        });
    }

    private Future<Void> onSocketContext(Runnable work) {
        Promise<Void> done = Promise.promise();
        socket.context().runOnContext(v -> {
            try {
                work.run();
                done.complete();
            } catch (RuntimeException e) {
                done.fail(e);
            }
        });
        return done.future();
    }

    @Override
    public void onMessage(Buffer message) {
        int length = message.length();
        byte[] bytes = scope.resources().copyBuffer(length);
        message.getBytes(bytes);
        try {
            session.onMessage(scope.resources().reader(), bytes, length);
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("agentId", agentId())
                    .addKeyValue("sessionId", terms.identity().sessionId())
                    .log("Could not handle a frame; the session is closed");
            session.end(CloseCode.INTERNAL_ERROR);
        }
        updateReading();
    }

    private void onBusMessage(SessionMessage message) {
        if (message instanceof SessionMessage.Opened opened && !session.ended()) {
            session.ref().ifPresent(ref -> scope.slots().opened(ref, opened.epoch()));
        }
        session.onBusMessage(message);
        updateReading();
    }

    private void updateReading() {
        if (!session.ended()) {
            socket.pauseReading(PauseReason.OPENING, session.opening());
            socket.pauseReading(PauseReason.FRAMES_IN_FLIGHT, session.full());
        }
    }

    @Override
    public void onViolation(Violation violation) {
        switch (violation) {
            case NO_FIRST_MESSAGE -> session.onHelloDeadline();
            case IDLE -> session.end(CloseCode.IDLE_TIMEOUT);
            case SLOW_READER -> session.end(CloseCode.SLOW_READER);
            case OVER_BUDGET -> session.end(CloseCode.OVER_BUDGET);
            case MESSAGE_TOO_LARGE, FRAME_TOO_LARGE -> session.onOversize();
            case UNEXPECTED_FRAME, MALFORMED_FRAME -> session.onWebSocketViolation();
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        LOG.atDebug()
                .setCause(failure)
                .addKeyValue("sessionId", terms.identity().sessionId())
                .log("The socket failed");
    }

    @Override
    public void onClosed(int code) {
        scope.remove(this);
        session.onSocketClosed(code);
        scope.undeploy(this);
    }

    /**
     * Checks the deadlines of the connection.
     *
     * @param now current reading of the ticker
     */
    void tick(long now) {
        socket.tick(now);
    }

    void storeUnavailable(boolean unavailable) {
        socket.pauseReading(PauseReason.STORE_UNAVAILABLE, unavailable);
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
        if (session.hasSeveralInFlight()) {
            // The lanes answer one frame at a time, so several answers may arrive in one turn of the event loop.
            socket.consolidateFlushes();
        }
        socket.write(utf8);
    }

    @Override
    public void close(CloseCode code) {
        if (code == CloseCode.SLOW_READER || code == CloseCode.OVER_BUDGET) {
            // A close frame would wait behind the output that the agent does not read, and memory is needed now.
            socket.cut();
        } else {
            socket.close(code.code(), code.reason());
        }
    }

    @Override
    public void toLane(LaneMessage message) {
        if (message instanceof LaneMessage.OpenSession open) {
            claim(open);
        } else {
            sendToLane(message);
            if (message instanceof LaneMessage.CloseSession close) {
                scope.slots().released(close.session());
            }
        }
    }

    private void sendToLane(LaneMessage message) {
        scope.bus().send(scope.laneOf(agentId()), message);
    }

    /** Claims the slot in the directory, which refuses obvious cases early. The store then makes the decision. */
    private void claim(LaneMessage.OpenSession open) {
        scope.slots()
                .claim(open.session(), open.connectionCap())
                .onComplete(claim -> socket.context().runOnContext(v -> {
                    if (session.ended()) {
                        // The close message already went to the lane. If the slot opened now, nothing would release it.
                        scope.slots().released(open.session());
                    } else if (scope.services().node().isCutOff()) {
                        session.end(CloseCode.HOLDER_SUSPECTED);
                    } else if (claim.result() == SlotDirectory.Claim.FULL) {
                        session.end(CloseCode.CAP_REACHED);
                    } else {
                        sendToLane(open);
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
    public void batchRepeated(int pauseMs, boolean loops) {
        scope.metrics().batchRepeated(project(), agentId());
        if (loops) {
            socket.boundUnreadInput();
        }
        if (pauseMs > 0) {
            socket.pauseReading(PauseReason.REPEATS, true);
            scope.after(pauseMs, () -> onPauseOver(RepeatPacing.endsCycle(pauseMs)));
        }
    }

    private void onPauseOver(boolean cycleEnded) {
        if (cycleEnded) {
            session.onPauseOver();
        }
        socket.pauseReading(PauseReason.REPEATS, false);
    }
}
