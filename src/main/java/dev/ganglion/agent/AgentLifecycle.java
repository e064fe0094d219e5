package dev.ganglion.agent;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.agent.outbox.AgentCounters;
import dev.ganglion.agent.outbox.Batch;
import dev.ganglion.agent.outbox.Outbox;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.ErrorFrame;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.HelloAck;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Runs the life cycle of one agent on the agent's context (see {@link AgentState}). It connects, sends the events of
 * the outbox, reconnects after a loss, and stops.
 *
 * <p>The class is deployed only to get a context, so that many agents are spread over the event loops. Everything
 * except {@link #state} runs on that context.
 */
final class AgentLifecycle implements Deployable, BrainConnection.ConnectionListener {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final long NO_TIMER = -1;

    private final AgentHost host;
    private final AgentOptions options;
    private final Outbox outbox;
    private final AgentCounters counters;
    private final Consumer<AgentState> listener;
    private final ProjectKey key;
    private final Backoff backoff;
    private final CommandRunner commands;
    private final Instant startedAt;
    private final Promise<Context> deployed = Promise.promise();
    private final Promise<Void> online = Promise.promise();
    private final Promise<Void> ended = Promise.promise();
    private final List<Promise<Void>> flushes = new ArrayList<>();
    private volatile AgentState state = AgentState.Disconnected.INITIAL;
    private @Nullable Context context;
    private @Nullable BrainConnection connection;
    private @Nullable Instant lastAckAt;
    private int maxFrameBytes;
    private long flushTimer = NO_TIMER;
    private long retryTimer = NO_TIMER;

    AgentLifecycle(AgentHost host, AgentOptions options, Outbox outbox, AgentCounters counters, Reactions reactions) {
        this.host = host;
        this.options = options;
        this.outbox = outbox;
        this.counters = counters;
        this.listener = reactions.states();
        this.key = new ProjectKey(
                KeyDerivation.secretBytes(options.credentials().hmacSecret().value()));
        this.backoff = new Backoff(options.backoff(), host.random());
        this.commands = new CommandRunner(host, reactions.commands(), options.dialect(), new RunnerAccess());
        this.startedAt = host.clock().instant();
    }

    /** Gives the command runner access to the agent. */
    private final class RunnerAccess implements CommandRunner.AgentAccess {
        @Override
        public void run(Runnable action) {
            AgentLifecycle.this.run(action);
        }

        @Override
        public void send(Frame frame) {
            AgentLifecycle.this.send(frame);
        }

        @Override
        public int maxFrameBytes() {
            return maxFrameBytes;
        }
    }

    /** The callbacks of the agent's user: the command handler and the listener for states. */
    record Reactions(CommandHandler commands, Consumer<AgentState> states) {}

    AgentState state() {
        return state;
    }

    Future<Void> online() {
        return online.future();
    }

    Future<Void> ended() {
        return ended.future();
    }

    /** Runs an action on the agent's context, as soon as the context exists. */
    @CanIgnoreReturnValue
    Future<Void> run(Runnable action) {
        Promise<Void> ran = Promise.promise();
        deployed.future()
                .onSuccess(ownContext -> ownContext.runOnContext(now -> {
                    action.run();
                    ran.complete();
                }))
                .onFailure(ran::fail);
        return ran.future();
    }

    /** Fails all futures after the agent could not be deployed, which happens when Vert.x is closed. */
    void notDeployed(Throwable cause) {
        deployed.tryFail(cause);
        ended.tryFail(cause);
        online.tryFail(cause);
    }

    @Override
    public Future<?> deploy(Context ownContext) {
        context = ownContext;
        connect();
        deployed.complete(ownContext);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> undeploy(Context ownContext) {
        finish(null);
        return Future.succeededFuture();
    }

    /**
     * Sends every full batch. The remaining events are sent at once if {@code partial} is true, otherwise after the
     * flush interval.
     */
    void pump(boolean partial) {
        if (!(state instanceof AgentState.Online)) {
            return;
        }
        Batch batch = outbox.next(partial, maxFrameBytes);
        while (batch != null) {
            send(new EventBatch(batch.id(), EventArray.of(batch.events())));
            batch = outbox.next(partial, maxFrameBytes);
        }
        if (flushTimer == NO_TIMER && outbox.hasWaiting() && outbox.hasRoom()) {
            flushTimer = host.vertx()
                    .setTimer(options.batching().flushInterval().toMillis(), due -> {
                        flushTimer = NO_TIMER;
                        pump(true);
                    });
        }
    }

    void flush(Promise<Void> flushed) {
        if (state instanceof AgentState.Stopped && outbox.held() > 0) {
            flushed.fail(unacknowledgedEvents());
            return;
        }
        flushes.add(flushed);
        pump(true);
        completeFlushes();
    }

    /**
     * Stops in an orderly way. For at most {@code grace}, the agent first sends events and outcomes of commands until
     * the brain has acknowledged them.
     */
    void stop(Duration grace) {
        if (grace.toMillis() < 1) {
            finish(null);
            return;
        }
        Promise<Void> flushed = Promise.promise();
        long timer = host.vertx().setTimer(grace.toMillis(), over -> finish(null));
        Future<Void> settled = commands.settled();
        flushed.future().compose(done -> settled).onComplete(done -> {
            host.vertx().cancelTimer(timer);
            finish(null);
        });
        flush(flushed);
    }

    /** Drops the connection as a network failure would; the agent reconnects automatically. */
    void drop() {
        if (connection != null) {
            connection.close(CloseCode.NORMAL, "connection dropped on request");
        }
    }

    @Override
    public void opened() {
        if (state instanceof AgentState.Connecting connecting) {
            become(connecting.toHandshaking());
        }
    }

    @Override
    public void online(HelloAck ack) {
        if (!(state instanceof AgentState.Handshaking handshaking) || connection == null) {
            return;
        }
        counters.sessions.increment();
        maxFrameBytes = ack.maxFrameSizeBytes();
        become(handshaking.toOnline(
                ack.agentId(), ack.projectId(), ack.sessionId(), host.clock().instant()));
        connection.beat(ack.heartbeatIntervalSeconds(), this::heartbeat);
        online.tryComplete();
        commands.resend();
        pump(!flushes.isEmpty());
    }

    @Override
    public void received(Frame frame) {
        if (frame instanceof EventBatchAck ack) {
            backoff.reset();
            lastAckAt = host.clock().instant();
            outbox.acked(ack);
            pump(!flushes.isEmpty());
            completeFlushes();
        } else if (frame instanceof Command command) {
            commands.received(command);
        } else if (frame instanceof CommandAck ack) {
            commands.stored(ack);
        } else if (frame instanceof ErrorFrame error) {
            LOG.atInfo()
                    .addKeyValue("errorCode", error.code())
                    .addKeyValue("fatal", error.fatal())
                    .log("The brain reported an error: {}", error.message());
        }
    }

    @Override
    public void ended(ConnectionEnd ending) {
        connection = null;
        outbox.sessionLost();
        if (state instanceof AgentState.Stopped) {
            return;
        }
        if (ending instanceof ConnectionEnd.Refused refused) {
            finish(refused.cause());
        } else if (ending instanceof ConnectionEnd.Retry retry) {
            boolean first = backoff.failures() == 0;
            Duration wait = backoff.next(retry.retryAfter());
            LOG.atLevel(first ? Level.INFO : Level.DEBUG)
                    .addKeyValue("brain", options.brain())
                    .log("Not connected to the brain; retrying in {} ms: {}", wait.toMillis(), retry.reason());
            become(state.toDisconnected(backoff.failures(), wait, retry.reason()));
            retryTimer = host.vertx().setTimer(wait.toMillis(), due -> connect());
        }
    }

    private void connect() {
        if (state instanceof AgentState.Disconnected disconnected) {
            become(disconnected.toConnecting());
            BrainConnection next = new BrainConnection(host, options, key, this);
            connection = next;
            next.open(options.profile().hello(newId(), startedAt));
        }
    }

    private void finish(@Nullable AgentRefusedException cause) {
        if (state instanceof AgentState.Stopped) {
            return;
        }
        become(state.toStopped(cause));
        host.vertx().cancelTimer(retryTimer);
        host.vertx().cancelTimer(flushTimer);
        if (connection != null) {
            connection.close(CloseCode.NORMAL, "agent stopped");
        }
        completeFlushes();
        takeFlushes().forEach(waiting -> waiting.fail(cause == null ? unacknowledgedEvents() : cause));
        Future<Void> undeployed =
                context == null ? Future.succeededFuture() : host.vertx().undeploy(context.deploymentID());
        // If Vert.x is already undeploying the agent, this undeployment fails. In both cases the agent has ended.
        undeployed.onComplete(done -> {
            if (cause == null) {
                ended.tryComplete();
            } else {
                ended.tryFail(cause);
            }
            online.tryFail(
                    cause == null ? new IllegalStateException("the agent was stopped before it was online") : cause);
        });
    }

    private void completeFlushes() {
        if (outbox.held() == 0) {
            takeFlushes().forEach(Promise::complete);
        }
    }

    /**
     * Returns the waiting flushes and clears the list first, because a callback may request another flush or stop the
     * agent.
     */
    private List<Promise<Void>> takeFlushes() {
        List<Promise<Void>> taken = List.copyOf(flushes);
        flushes.clear();
        return taken;
    }

    private void send(Frame frame) {
        if (connection != null) {
            connection.send(frame);
        }
    }

    private Heartbeat heartbeat() {
        return new Heartbeat(
                newId(),
                (long) outbox.held(),
                lastAckAt == null ? null : lastAckAt.toString(),
                counters.dropped.sum(),
                Map.of());
    }

    private void become(AgentState next) {
        state = next;
        listener.accept(next);
    }

    private IllegalStateException unacknowledgedEvents() {
        return new IllegalStateException("the agent stopped with " + outbox.held() + " unacknowledged events");
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
