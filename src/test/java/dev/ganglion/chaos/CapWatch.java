package dev.ganglion.chaos;

import dev.ganglion.config.value.RedisUri;
import dev.ganglion.testing.redis.RedisCalls;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Counts the live slots of agents with a cap ten times per second, in Redis and by the agents' sockets. The count in
 * Redis must never exceed the cap. The count of sockets may exceed it for less than half a second, because a close
 * takes time to reach the agent.
 */
final class CapWatch implements AutoCloseable {
    private static final long PACE_NANOS = 100_000_000;
    private static final int PATIENCE = 5;

    private final RedisUri redis;
    private final String project;
    private final List<LoadWorker.Enrolled> agents;
    private final Function<LoadWorker.Enrolled, Integer> sockets;
    private final Map<String, Integer> above = new HashMap<>();
    private final Thread thread = new Thread(this::watch, "cap-watch");
    private final AtomicInteger samples = new AtomicInteger();
    private final AtomicInteger overInRedis = new AtomicInteger();
    private final AtomicInteger overBySockets = new AtomicInteger();
    private volatile boolean closed;

    CapWatch(
            RedisUri redis,
            String project,
            List<LoadWorker.Enrolled> agents,
            Function<LoadWorker.Enrolled, Integer> sockets) {
        this.redis = redis;
        this.project = project;
        this.agents = List.copyOf(agents);
        this.sockets = sockets;
    }

    void start() {
        thread.start();
    }

    private void watch() {
        while (!closed) {
            for (LoadWorker.Enrolled agent : agents) {
                sample(agent);
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private void sample(LoadWorker.Enrolled agent) {
        int live = sockets.apply(agent);
        int times = live > agent.cap() ? above.merge(agent.id(), 1, Integer::sum) : 0;
        above.put(agent.id(), times);
        if (times >= PATIENCE) {
            var unusedOverbysockets = overBySockets.incrementAndGet();
            System.out.println("  above the cap: " + live + " sockets of " + agent.cap());
        }
        try {
            String slots = RedisCalls.call(redis, "HLEN", "{" + project + "/0}:agent:" + agent.id() + ":slots");
            var unusedSamples = samples.incrementAndGet();
            if (Integer.parseInt(slots) > agent.cap()) {
                var unusedOverinredis = overInRedis.incrementAndGet();
                System.out.println("  above the cap: " + slots + " slots of " + agent.cap());
            }
        } catch (UncheckedIOException unreachable) {
            // Redis was killed or has not restarted yet, so there is nothing to count.
        }
    }

    int samples() {
        return samples.get();
    }

    /** Returns the number of samples above the cap, by either count. */
    int over() {
        return overInRedis.get() + overBySockets.get();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
