package dev.ganglion.agent;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Emits task stories through an agent at a steady rate, from one timer. What the agent's buffer refuses is lost. */
public final class SimulatedWorkload {
    private static final int TICK_MILLIS = 20;
    private static final double NANOS_PER_SECOND = 1e9;
    /** What a stall may owe, in seconds of the rate: later events are not made up for. */
    private static final double MAX_OWED_SECONDS = 0.5;

    private final AgentHost host;
    private final Agent agent;
    private final TaskStories stories;
    private final double rate;
    private final long limit;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong told = new AtomicLong();
    private double owed;
    private long last;

    /**
     * A workload that has not begun.
     *
     * @param rate events per second
     * @param limit events that the agent is to take in all, {@code Long.MAX_VALUE} for no end
     */
    public SimulatedWorkload(AgentHost host, Agent agent, TaskStories stories, double rate, long limit) {
        if (!(rate > 0 && rate <= 1_000_000)) {
            throw new IllegalArgumentException("the rate is above 0 and at most 1000000 events per second");
        }
        this.host = host;
        this.agent = agent;
        this.stories = stories;
        this.rate = rate;
        this.limit = limit;
    }

    /** Begins, on the context of the agent; to be called once. Fails when the agent was not started. */
    @CanIgnoreReturnValue
    public Future<Void> start() {
        return agent.run(this::begin);
    }

    /** Emits no more. */
    public void stop() {
        stopped.set(true);
    }

    /** Events that the agent took so far. */
    public long told() {
        return told.get();
    }

    private void begin() {
        Vertx vertx = host.vertx();
        last = System.nanoTime();
        vertx.setPeriodic(TICK_MILLIS, timer -> {
            if (stopped.get() || told.get() >= limit) {
                vertx.cancelTimer(timer);
            } else {
                tick(System.nanoTime());
            }
        });
    }

    private void tick(long now) {
        owed = Math.min(owed + rate * (now - last) / NANOS_PER_SECOND, Math.max(1, rate * MAX_OWED_SECONDS));
        last = now;
        for (; owed >= 1 && told.get() < limit; owed--) {
            if (agent.emit(stories.next(host.clock().instant()))) {
                told.incrementAndGet();
            }
        }
    }
}
