package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.testing.fault.FaultLoad;
import dev.ganglion.testing.fault.FaultProcess;
import dev.ganglion.testing.fault.FaultRest;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.projection.ReferenceProjection;
import dev.ganglion.testing.redis.RedisExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a brain in its own process that is killed under load, and the brain that replaces it. */
@Timeout(600)
class KilledBrainIT {
    private static final String ADMIN_KEY = "z4k_only-for-tests-of-faults";
    private static final String PROJECT = "faults";
    private static final int WORKERS = 4;

    @TempDir
    Path data;

    @TempDir
    Path outputs;

    private final int port = Ports.free();
    private RedisProcess redis;
    private FaultProcess brain;
    private FaultRest rest;

    @BeforeEach
    void givenABrain() {
        redis = RedisProcess.start(RedisExtension.spec(data));
        serve();
        rest = new FaultRest(port, ADMIN_KEY);
        rest.project(PROJECT);
    }

    @AfterEach
    void stop() {
        if (brain != null) {
            brain.close();
        }
        redis.stop();
    }

    /**
     * Starts a brain. The field is set before the wait, so that a brain that does not serve in time is stopped as well.
     */
    private void serve() {
        brain = FaultProcess.start(
                outputs,
                Map.of(
                        "GANGLION_HTTP_PORT",
                        String.valueOf(port),
                        "GANGLION_REDIS_URI",
                        redis.uri().connectionString().value(),
                        "GANGLION_MASTER_SECRET",
                        "a master secret that is only for tests",
                        "GANGLION_ADMIN_KEY",
                        ADMIN_KEY),
                "serve");
        brain.awaitLine("Ganglion serves on");
    }

    @Test
    void storesAckedEventsOnceAndReadmitsTheSameWorkersAtTheirCap() {
        List<FaultRest.Enrolled> agents = List.of(rest.agent(PROJECT, "a", WORKERS), rest.agent(PROJECT, "b", WORKERS));
        try (FaultLoad load = new FaultLoad(rest, agents, WORKERS)) {
            for (int crash = 1; crash <= 2; crash++) {
                load.awaitAcked(1_000, Duration.ofSeconds(60));
                brain.kill9();
                serve();
                load.awaitAllOnline();
            }
            load.awaitAcked(1_000, Duration.ofSeconds(60));

            load.assertAllAckedAndStoredOnce("brain killed 2 times", rest, PROJECT);
            ReferenceProjection.of(rest, PROJECT).assertProjected();
            assertThat(load.sessions()).isEqualTo(3L * load.size());
        }
    }

    @Test
    void freesTheSlotsOfADeadBrainWithinTwentySeconds() {
        List<FaultRest.Enrolled> capped = List.of(rest.agent(PROJECT, "capped", 1));
        try (FaultLoad first = new FaultLoad(rest, capped, 1)) {
            first.awaitAcked(100, Duration.ofSeconds(60));
            brain.kill9();
        }
        long diedAt = System.nanoTime();
        serve();
        Duration served = Duration.ofNanos(System.nanoTime() - diedAt);

        try (FaultLoad second = new FaultLoad(rest, capped, 1, "another-")) {
            Duration freed = Duration.ofNanos(System.nanoTime() - diedAt);
            System.out.printf(
                    "slot of a killed brain: free for another worker after %d ms, including %d ms to start;"
                            + " earlier close codes: %s%n",
                    freed.toMillis(), served.toMillis(), List.copyOf(new TreeSet<>(second.disconnectReasons())));
            assertThat(freed).isLessThan(Duration.ofSeconds(20));
            second.awaitAcked(100, Duration.ofSeconds(60));
        }
    }

    @Test
    void closesConnectionsInOrderOnSigtermAndTheNextBrainContinues() {
        List<FaultRest.Enrolled> agents = List.of(rest.agent(PROJECT, "a", -1), rest.agent(PROJECT, "b", -1));
        try (FaultLoad load = new FaultLoad(rest, agents, WORKERS)) {
            load.awaitAcked(1_000, Duration.ofSeconds(60));

            assertThat(brain.terminate(Duration.ofSeconds(10)))
                    .as("ended in time")
                    .isTrue();
            await().until(() -> load.closedWith(1001) == load.size());
            serve();

            load.awaitAcked(1_000, Duration.ofSeconds(60));
            load.assertAllAckedAndStoredOnce("brain stopped by SIGTERM", rest, PROJECT);
        }
    }
}
