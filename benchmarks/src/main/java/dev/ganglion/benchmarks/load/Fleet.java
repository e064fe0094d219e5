package dev.ganglion.benchmarks.load;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** All connections of the generator, spread over its loops; every call blocks, and comes from one thread. */
public final class Fleet implements AutoCloseable {
    private static final long POLL_MS = 5;
    private static final int SOURCES = 8;

    private final Vertx vertx;
    private final List<Loop> loops = new ArrayList<>();
    private final List<Runnable> running = new ArrayList<>();
    private int connections;

    /** A generator with so many event loops, without connections. */
    public Fleet(Target target, int loopCount) {
        vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loopCount))
                .build();
        for (int i = 0; i < loopCount; i++) {
            loops.add(new Loop(vertx, target, SOURCES));
        }
    }

    /** Begins to open so many more connections, spread over the agents, each as a worker of its own. */
    public void begin(List<Credential> agents, int count, int atOnce) {
        for (int i = 0; i < count; i++) {
            int number = connections++;
            Loop loop = loops.get(number % loops.size());
            Credential agent = agents.get(number % agents.size());
            loop.run(() -> loop.add(agent, "w" + number));
        }
        each(loop -> {
            loop.connectingAtOnce(Math.max(1, atOnce / loops.size()));
            loop.connectMore();
        });
    }

    /** Opens so many more and waits until they are online; fails when one is refused or it takes too long. */
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

    /** How many events every frame has from now on. */
    public void eventsPerFrame(int events) {
        each(loop -> loop.events(events));
    }

    /** Who is told of commands that come, with the time; on the loops' threads. */
    public void onCommand(BiConsumer<String, Long> listener) {
        each(loop -> loop.commands(listener));
    }

    /** Closed loop: every connection keeps so many batches on their way. */
    public void closedLoop(int window) {
        each(loop -> loop.window(window));
    }

    /** Open loop: batches at this rate over all connections, or over the first of them alone. */
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

    /** Every connection sends a heartbeat once in this time. */
    public void heartbeats(Duration every) {
        loops.forEach(loop -> running.add(stopper(loop, loop.call(() -> loop.heartbeats(every.toMillis())))));
    }

    /** A share of the connections leaves and comes back over this time. */
    public void churn(double share, Duration over) {
        each(loop -> loop.churn(share, over.toMillis()));
    }

    /** Whether connections that end come back. */
    public void reconnects(boolean now) {
        each(loop -> loop.reconnects(now));
    }

    private static Runnable stopper(Loop loop, Runnable stop) {
        return () -> loop.run(stop);
    }

    /** Begins to measure. */
    public void measure() {
        each(loop -> loop.meter().begin());
    }

    /** Stops all load and waits for the acks of what was sent; gives whether all came. */
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

    /** What was seen so far, over all loops. */
    Meter meter() {
        Meter sum = new Meter();
        each(loop -> loop.meter().addTo(sum));
        return sum;
    }

    /** Connections that are online now. */
    public long online() {
        return sum(Loop::online);
    }

    /** Batches without an ack now. */
    public long unacked() {
        return sum(Loop::unacked);
    }

    /** Leaves all connections. */
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

    /** Sleeps. */
    public static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        leave();
        Object unused = vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
