package dev.ganglion.chaos;

import dev.ganglion.config.value.RedisUri;
import dev.ganglion.testing.redis.RedisCalls;
import java.time.Duration;
import java.util.List;

/** Experiments in which Redis is there, but refuses what the nodes ask. */
final class StoreExperiments {
    private static final Duration BACK = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private StoreExperiments() {}

    /** Lets Redis reach its memory limit, and frees memory later. */
    static void full(ExperimentRun run) {
        run.letLoadRun(5);
        RedisUri redis = run.cluster().redis().uri();
        long full = System.nanoTime();
        RedisCalls.call(redis, "CONFIG", "SET", "maxmemory", "1");
        for (int node = 0; node < ThreeNodes.SIZE; node++) {
            AdminRest calls = run.cluster().calls(node);
            Wait.until(
                    "node " + node + " to say that Redis is full",
                    PATIENCE,
                    () -> calls.readiness().contains("OOM"));
        }
        run.recordMeasurement("all nodes named the reason after", since(full), Duration.ofSeconds(10));
        Wait.pass(Duration.ofSeconds(run.quick() ? 8 : 15));
        long freed = System.nanoTime();
        RedisCalls.call(redis, "CONFIG", "SET", "maxmemory", "0");
        recovered(run, freed);
    }

    /** Changes the password of Redis and the file in which the nodes find it, then cuts all their connections. */
    static void password(ExperimentRun run) {
        run.letLoadRun(5);
        run.cluster().rotatePassword("the-second-password");
        long before = run.load().acked();
        run.letLoadRun(3);
        run.require(run.load().acked() > before, "open connections stopped when the password changed");
        long cut = System.nanoTime();
        run.cluster().cutRedisConnections();
        recovered(run, cut);
    }

    private static void recovered(ExperimentRun run, long since) {
        run.cluster().awaitTogether(List.of(0, 1, 2), PATIENCE);
        run.recordMeasurement("all nodes ready after", since(since), BACK);
        run.load().awaitAllOnline(PATIENCE);
        long before = run.load().acked();
        Wait.until("acks to resume", PATIENCE, () -> run.load().acked() > before + 500);
        run.recordMeasurement("acks resumed after", since(since), BACK);
        CrossNodeDelivery.check(run);
        run.letLoadRun(5);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
