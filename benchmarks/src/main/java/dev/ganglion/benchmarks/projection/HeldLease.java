package dev.ganglion.benchmarks.projection;

import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.host.RedisProbe;
import dev.ganglion.benchmarks.load.BenchProject;
import java.time.Duration;

/**
 * Keeps the brain from projecting a project, by holding the lease of its projection in the brain's Redis. The brain goes
 * on to acknowledge events, and projects them when the lease is released. The lease expires after {@link #LIMIT}, so an
 * aborted run stops nothing for long.
 */
public final class HeldLease implements AutoCloseable {
    /** Time after which this lease expires, so that the brain projects again if the benchmark is killed. */
    public static final Duration LIMIT = Duration.ofMinutes(10);

    /** Hash that holds the lease of a project, and its name in versions before 0.2, which had one for each shard. */
    private static final String[] KEYS = {"{%s}:p:lease", "{%s/0}:projection"};

    private static final String OWNER = "benchmark";
    /** A node that was refused the lease tries again after a quarter of the lease's 10 s. */
    private static final long TAKEN_LIMIT_MS = 15_000;

    private final RedisProbe redis;
    private final String projectId;

    private HeldLease(RedisProbe redis, String projectId) {
        this.redis = redis;
        this.projectId = projectId;
    }

    /** Takes the lease, also from a node that holds it: that node's next step is refused by its epoch. */
    public static HeldLease hold(RedisProbe redis, BenchProject project) {
        HeldLease lease = new HeldLease(redis, project.projectId());
        long until = System.currentTimeMillis() + LIMIT.toMillis();
        for (String key : KEYS) {
            Object unused = redis.ask("HINCRBY", lease.named(key), "epoch", "1");
            unused = redis.ask("HSET", lease.named(key), "owner", OWNER, "until", Long.toString(until));
        }
        return lease;
    }

    private String named(String key) {
        return String.format(key, projectId);
    }

    /** Releases the lease and waits until a node has taken it. */
    public void release() {
        close();
        long end = System.nanoTime() + TAKEN_LIMIT_MS * 1_000_000;
        while (!taken()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "No node took the lease of the projection within " + TAKEN_LIMIT_MS / 1_000 + " s");
            }
            Fleet.pause(2);
        }
    }

    private boolean taken() {
        for (String key : KEYS) {
            if (!redis.ask("HGET", named(key), "owner").equals(OWNER)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        for (String key : KEYS) {
            if (redis.ask("HGET", named(key), "owner").equals(OWNER)) {
                Object unused = redis.ask("HSET", named(key), "until", "0");
            }
        }
    }
}
