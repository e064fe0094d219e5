package dev.ganglion.agent;

import dev.ganglion.protocol.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * An agent: it keeps one connection to a brain, sends events in signed batches and keeps each batch until the brain has
 * acked it, across reconnects. Its states are drawn in {@link AgentState}. Every method may be called from any thread.
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
    private final Tally tally = new Tally();
    private final Outbox outbox;
    private final AgentLifecycle life;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean woken = new AtomicBoolean();

    /** An agent that answers every command as unsupported. */
    public Agent(AgentHost host, AgentOptions options) {
        this(host, options, CommandHandler.UNSUPPORTED, state -> {});
    }

    /**
     * An agent that carries commands out.
     *
     * @param states told of every state, on the agent's context
     */
    public Agent(AgentHost host, AgentOptions options, CommandHandler commands, Consumer<AgentState> states) {
        this.host = host;
        this.outbox = new Outbox(options.batching(), tally);
        this.life = new AgentLifecycle(host, options, outbox, tally, new AgentLifecycle.Reactions(commands, states));
    }

    /**
     * Connects, and goes on trying by itself.
     *
     * @return completes when the agent is online for the first time; fails with {@link AgentRefusedException} when the
     *     brain refuses it before that
     */
    public Future<Void> start() {
        if (!started.compareAndSet(false, true)) {
            return Future.failedFuture(new IllegalStateException("the agent was started before"));
        }
        return host.vertx().deployVerticle(life).onFailure(life::notDeployed).compose(deployed -> life.online());
    }

    /** Takes a canonical event object; false when the buffer is full and the event is dropped. */
    public boolean emit(Json event) {
        if (!outbox.offer(event)) {
            return false;
        }
        if (started.get() && woken.compareAndSet(false, true)) {
            life.run(() -> {
                woken.set(false);
                life.pump(false);
            });
        }
        return true;
    }

    public boolean emit(AgentEvent event) {
        return emit(event.toJson());
    }

    /** Sends at once what waits, and completes when no event is held any more; fails when the agent ends before that. */
    public Future<Void> flushed() {
        Promise<Void> flushed = Promise.promise();
        return run(() -> life.flush(flushed)).compose(asked -> flushed.future());
    }

    /** Flushes for at most the grace, closes with 1000 and ends; completes when it has ended, however that came. */
    public Future<Void> stop(Duration grace) {
        return run(() -> life.stop(grace)).compose(asked -> life.ended().otherwiseEmpty());
    }

    /** Completes when the agent was stopped; fails with {@link AgentRefusedException} when the brain refused it. */
    public Future<Void> ended() {
        return life.ended();
    }

    /** Breaks the connection, upon which it completes; the agent comes back by itself. */
    public Future<Void> drop() {
        return run(life::drop);
    }

    public AgentState state() {
        return life.state();
    }

    public AgentCounts counts() {
        return tally.counts();
    }

    /** Events held: emitted and not acked yet. */
    public int buffered() {
        return outbox.held();
    }

    /** Runs on the agent's context. */
    Future<Void> run(Runnable action) {
        return started.get()
                ? life.run(action)
                : Future.failedFuture(new IllegalStateException("the agent was not started"));
    }
}
