package dev.ganglion.chaos;

import dev.ganglion.config.RedisUri;
import dev.ganglion.testing.RedisCalls;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Counts the live slots of agents that have a cap, ten times a second: in Redis, where it may never be above the cap, and by
 * their sockets, where it may not be for half a second: a close takes its way to the agent.
 */
final class CapWatch implements AutoCloseable {
    private static final long PACE_NANOS = 100_000_000;
    private static final int PATIENCE = 5;

    private final RedisUri redis;
    private final String project;
    private final List<Member.Enrolled> agents;
    private final Function<Member.Enrolled, Integer> sockets;
    private final Map<String, Integer> above = new HashMap<>();
    private final Thread thread = new Thread(this::watch, "cap-watch");
    private final AtomicInteger samples = new AtomicInteger();
    private final AtomicInteger overInRedis = new AtomicInteger();
    private final AtomicInteger overBySockets = new AtomicInteger();
    private volatile boolean closed;

    CapWatch(RedisUri redis, String project, List<Member.Enrolled> agents, Function<Member.Enrolled, Integer> sockets) {
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
            for (Member.Enrolled agent : agents) {
                sample(agent);
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private void sample(Member.Enrolled agent) {
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
        } catch (UncheckedIOException away) {
            // Killed, or not back yet: there is nothing to count.
        }
    }

    int samples() {
        return samples.get();
    }

    /** Samples above the cap, by either count. */
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
