package dev.ganglion.agent.simulation;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.agent.Agent;
import dev.ganglion.agent.AgentHost;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Emits simulated task events through an agent at a steady rate, driven by one timer. Events that the agent's buffer
 * refuses are lost.
 */
public final class SimulatedWorkload {
    private static final int TICK_MILLIS = 20;
    private static final double NANOS_PER_SECOND = 1e9;
    /** Maximum backlog after a stall, in seconds of the rate; the workload does not catch up on older events. */
    private static final double MAX_BACKLOG_SECONDS = 0.5;

    private final AgentHost host;
    private final Agent agent;
    private final SimulatedTaskEvents taskEvents;
    private final double rate;
    private final long limit;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong accepted = new AtomicLong();
    private double backlog;
    private long last;

    /**
     * Creates a workload that has not started.
     *
     * @param rate events per second, above 0 and at most 1 000 000
     * @param limit total number of events that the agent accepts; {@code Long.MAX_VALUE} for no limit
     */
    public SimulatedWorkload(AgentHost host, Agent agent, SimulatedTaskEvents taskEvents, double rate, long limit) {
        if (!(rate > 0 && rate <= 1_000_000)) {
            throw new IllegalArgumentException("the rate must be above 0 and at most 1000000 events per second");
        }
        this.host = host;
        this.agent = agent;
        this.taskEvents = taskEvents;
        this.rate = rate;
        this.limit = limit;
    }

    /**
     * Starts the workload on the agent's context. Call this method once. The future fails if the agent is not started.
     */
    @CanIgnoreReturnValue
    public Future<Void> start() {
        return agent.run(this::begin);
    }

    /** Stops emitting events. */
    public void stop() {
        stopped.set(true);
    }

    /** The number of events that the agent has accepted so far. */
    public long accepted() {
        return accepted.get();
    }

    private void begin() {
        Vertx vertx = host.vertx();
        last = host.nanos();
        vertx.setPeriodic(TICK_MILLIS, timer -> {
            if (stopped.get() || accepted.get() >= limit) {
                vertx.cancelTimer(timer);
            } else {
                tick(host.nanos());
            }
        });
    }

    private void tick(long now) {
        backlog = Math.min(backlog + rate * (now - last) / NANOS_PER_SECOND, Math.max(1, rate * MAX_BACKLOG_SECONDS));
        last = now;
        for (; backlog >= 1 && accepted.get() < limit; backlog--) {
            if (agent.emit(taskEvents.next(host.clock().instant()))) {
                accepted.incrementAndGet();
            }
        }
    }
}
