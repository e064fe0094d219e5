package dev.ganglion.benchmarks.generator;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * The load generator: all its connections, spread over its event loops. Every call blocks until the loops have done
 * their work. Call it from one thread only.
 */
public final class Fleet implements AutoCloseable {
    private static final long POLL_MS = 5;
    private static final int SOURCES = 8;

    private final Vertx vertx;
    private final List<Loop> loops = new ArrayList<>();
    private final List<Runnable> running = new ArrayList<>();
    private int connections;

    /** Creates a generator with this many event loops and no connections. */
    public Fleet(Target target, int loopCount) {
        vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loopCount))
                .build();
        for (int i = 0; i < loopCount; i++) {
            loops.add(new Loop(vertx, target, SOURCES));
        }
    }

    /** Starts to open this many more connections. They are spread over the agents, and each is a worker of its own. */
    public void begin(List<Credential> agents, int count, int atOnce) {
        for (int i = 0; i < count; i++) {
            int number = connections++;
            Loop loop = loops.get(number % loops.size());
            Credential agent = agents.get(number % agents.size());
            loop.run(() -> loop.add(agent, number));
        }
        each(loop -> {
            loop.connectingAtOnce(Math.max(1, atOnce / loops.size()));
            loop.connectMore();
        });
    }

    /**
     * Opens this many more connections and waits until all are online. A refused connection or a time-out throws an
     * exception.
     */
    public void open(List<Credential> agents, int count, int atOnce, Duration limit) {
        long wanted = online() + count;
        begin(agents, count, atOnce);
        long end = System.nanoTime() + limit.toNanos();
        while (online() < wanted) {
            if (System.nanoTime() > end || meter().endings.size() > 0) {
                throw new IllegalStateException(
                        online() + " of " + wanted + " connections are online; ended: " + meter().endings);
            }
            pause(POLL_MS);
        }
    }

    /** Sets the number of events in every further frame. Each event has a task of its own. */
    public void eventsPerFrame(int events) {
        each(loop -> loop.events(events));
    }

    /** Fills every further frame with this many events of tasks that are received, started and ended. */
    public void taskEventsPerFrame(int events) {
        each(loop -> loop.tasks(events));
    }

    /**
     * Registers a listener for new tasks, about one per interval. It gets the id of a task and the {@link
     * System#nanoTime()} at which the task's first event was acknowledged, on the loops' threads.
     */
    public void onNewTask(Duration interval, BiConsumer<String, Long> listener) {
        long each = interval.toNanos() * loops.size();
        each(loop -> loop.newTasks(each, listener));
    }

    /**
     * Registers a listener for arriving commands. It gets the command's id and {@link System#nanoTime()}, on the loops'
     * threads.
     */
    public void onCommand(BiConsumer<String, Long> listener) {
        each(loop -> loop.commands(listener));
    }

    /** Starts a closed loop: every connection keeps this many batches in flight. */
    public void closedLoop(int window) {
        each(loop -> loop.window(window));
    }

    /**
     * Starts an open loop at this rate. The batches are spread over all connections, or over the first {@code onFirst}
     * if that is above 0.
     */
    public void openLoop(double framesPerSecond, int onFirst) {
        Schedule all = new Schedule(System.nanoTime(), framesPerSecond);
        if (onFirst > 0) {
            running.add(scheduled(loops.get(0), all, onFirst));
            return;
        }
        for (int i = 0; i < loops.size(); i++) {
            running.add(scheduled(loops.get(i), all.turn(i, loops.size()), Integer.MAX_VALUE));
        }
    }

    private static Runnable scheduled(Loop loop, Schedule schedule, int onFirst) {
        return stopper(loop, loop.call(() -> loop.schedule(schedule, 0, onFirst)));
    }

    /** Makes every connection send one heartbeat per interval. */
    public void heartbeats(Duration every) {
        loops.forEach(loop -> running.add(stopper(loop, loop.call(() -> loop.heartbeats(every.toMillis())))));
    }

    /** Disconnects a share of the connections and reconnects them, spread over this time. */
    public void churn(double share, Duration over) {
        each(loop -> loop.churn(share, over.toMillis()));
    }

    /** Sets whether connections that end are opened again. */
    public void reconnects(boolean now) {
        each(loop -> loop.reconnects(now));
    }

    private static Runnable stopper(Loop loop, Runnable stop) {
        return () -> loop.run(stop);
    }

    /** Starts the measurement. */
    public void measure() {
        each(loop -> loop.meter().begin());
    }

    /** Stops all load and waits for the outstanding acks. Returns whether all of them arrived. */
    public boolean drain(Duration limit) {
        each(loop -> loop.meter().measuring = false);
        running.forEach(Runnable::run);
        running.clear();
        each(loop -> loop.window(0));
        long end = System.nanoTime() + limit.toNanos();
        while (sum(Loop::unacked) > 0 && System.nanoTime() < end) {
            pause(POLL_MS);
        }
        return sum(Loop::unacked) == 0;
    }

    /** Figures so far, added up over all loops. */
    public Meter meter() {
        Meter sum = new Meter();
        each(loop -> loop.meter().addTo(sum));
        return sum;
    }

    /** Number of connections that are online. */
    public long online() {
        return sum(Loop::online);
    }

    /** Number of batches without an ack. */
    public long unacked() {
        return sum(Loop::unacked);
    }

    /** Closes all connections. */
    public void leave() {
        each(Loop::leave);
        connections = 0;
    }

    private long sum(ToLongFunction<Loop> of) {
        return loops.stream()
                .mapToLong(loop -> loop.call(() -> of.applyAsLong(loop)))
                .sum();
    }

    private void each(Consumer<Loop> work) {
        loops.forEach(loop -> loop.run(() -> work.accept(loop)));
    }

    /** Blocks the calling thread. */
    public static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while pausing", e);
        }
    }

    @Override
    public void close() {
        leave();
        Object unused = vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
