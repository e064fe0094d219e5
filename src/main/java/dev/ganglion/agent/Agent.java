package dev.ganglion.agent;

import dev.ganglion.agent.outbox.AgentCounters;
import dev.ganglion.agent.outbox.AgentCounts;
import dev.ganglion.agent.outbox.Outbox;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * An agent that keeps one connection to a brain and sends events in signed batches. The agent keeps each batch until
 * the brain has acknowledged it, across reconnects.
 *
 * <p>{@link AgentState} shows the states. Every method may be called from any thread.
 *
 * <pre>{@code
 * Agent agent = new Agent(AgentHost.on(vertx), AgentOptions.of(url, token, secret));
 * agent.start().await();
 * agent.emit(event);
 * agent.flushed().await();
 * agent.stop(Duration.ofSeconds(5)).await();
 * }</pre>
 */
public final class Agent {
    private final AgentHost host;
    private final AgentCounters counters = new AgentCounters();
    private final Outbox outbox;
    private final AgentLifecycle lifecycle;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean wakeUpPending = new AtomicBoolean();

    /** Creates an agent that answers every command with the error {@code unsupported}. */
    public Agent(AgentHost host, AgentOptions options) {
        this(host, options, CommandHandler.UNSUPPORTED, state -> {});
    }

    /**
     * Creates an agent that carries out commands.
     *
     * @param states receives every new state, on the agent's context
     */
    public Agent(AgentHost host, AgentOptions options, CommandHandler commands, Consumer<AgentState> states) {
        this.host = host;
        this.outbox = new Outbox(options.batching(), counters);
        this.lifecycle =
                new AgentLifecycle(host, options, outbox, counters, new AgentLifecycle.Reactions(commands, states));
    }

    /**
     * Connects to the brain. After a failure or a lost connection the agent reconnects automatically.
     *
     * @return completes when the agent is online for the first time; fails with {@link AgentRefusedException} if the
     *     brain refuses the agent before that
     */
    public Future<Void> start() {
        if (!started.compareAndSet(false, true)) {
            return Future.failedFuture(new IllegalStateException("the agent was already started"));
        }
        return host.vertx()
                .deployVerticle(lifecycle)
                .onFailure(lifecycle::notDeployed)
                .compose(deployed -> lifecycle.online());
    }

    /**
     * Queues a canonical event object for sending; may be called before {@link #start}. Returns false, and drops the
     * event, if the buffer is full.
     */
    public boolean emit(Json event) {
        if (!outbox.offer(event)) {
            return false;
        }
        if (started.get() && wakeUpPending.compareAndSet(false, true)) {
            lifecycle.run(() -> {
                wakeUpPending.set(false);
                lifecycle.pump(false);
            });
        }
        return true;
    }

    public boolean emit(AgentEvent event) {
        return emit(event.toJson());
    }

    /**
     * Sends all waiting events at once. The future completes when the brain has acknowledged every event; it fails if
     * the agent stops before that.
     */
    public Future<Void> flushed() {
        Promise<Void> flushed = Promise.promise();
        return run(() -> lifecycle.flush(flushed)).compose(done -> flushed.future());
    }

    /**
     * Flushes for at most {@code grace}, closes the connection with close code 1000, and stops. The future completes
     * when the agent has stopped, for whatever reason.
     */
    public Future<Void> stop(Duration grace) {
        return run(() -> lifecycle.stop(grace))
                .compose(done -> lifecycle.ended().otherwiseEmpty());
    }

    /**
     * Completes when the agent was stopped; fails with {@link AgentRefusedException} if the brain refused the agent.
     */
    public Future<Void> ended() {
        return lifecycle.ended();
    }

    /**
     * Breaks the connection. The future completes when the connection is broken; the agent reconnects automatically.
     */
    public Future<Void> dropConnection() {
        return run(lifecycle::drop);
    }

    public AgentState state() {
        return lifecycle.state();
    }

    public AgentCounts counts() {
        return counters.counts();
    }

    /** The number of events that were emitted but not yet acknowledged. */
    public int buffered() {
        return outbox.held();
    }

    /** Runs an action on the agent's context. */
    public Future<Void> run(Runnable action) {
        return started.get()
                ? lifecycle.run(action)
                : Future.failedFuture(new IllegalStateException("the agent is not started; call start first"));
    }
}
