package dev.ganglion.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.fault.FaultLoad;
import dev.ganglion.testing.fault.FaultProcess;
import dev.ganglion.testing.fault.FaultRest;
import dev.ganglion.testing.network.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that {@code dev}, when stopped or killed under load, ends with its Redis, and that the next start continues.
 */
@Timeout(600)
class StoppedDevIT {
    @TempDir
    Path home;

    @TempDir
    Path outputs;

    private final int port = Ports.free();
    private FaultProcess dev;

    @BeforeEach
    void start() {
        startDev();
    }

    @AfterEach
    void stop() {
        if (dev != null) {
            dev.close();
        }
    }

    /**
     * Starts {@code dev}. The field is set before the wait, so that a process that does not start in time is stopped as
     * well.
     */
    private void startDev() {
        dev = FaultProcess.start(
                outputs,
                Map.of("GANGLION_HOME", home.toString(), "GANGLION_HTTP_PORT", String.valueOf(port)),
                "dev",
                "--no-agents");
        dev.awaitLine("Ctrl-C stops everything");
    }

    private String printed(String name) {
        return dev.awaitLine(name + "[= ]+(\\S+)");
    }

    private FaultRest rest() {
        return new FaultRest(port, printed("admin key"));
    }

    private FaultLoad load() {
        return new FaultLoad(
                rest(),
                List.of(new FaultRest.Enrolled(
                        printed("Z4J_AGENT_ID"), printed("Z4J_TOKEN"), printed("Z4J_HMAC_SECRET"))),
                4);
    }

    private ProcessHandle redis() throws IOException {
        return ProcessHandle.of(
                        Long.parseLong(Files.readString(home.resolve("redis").resolve("redis.pid"))
                                .strip()))
                .orElseThrow();
    }

    private String identity() {
        return String.join(
                " ",
                printed("admin key"),
                printed("Z4J_PROJECT_ID"),
                printed("Z4J_AGENT_ID"),
                printed("Z4J_TOKEN"),
                printed("Z4J_HMAC_SECRET"));
    }

    @Test
    void endsWithItsRedisOnSigtermAndTheNextStartContinues() throws IOException {
        ProcessHandle redis = redis();
        String identity = identity();
        try (FaultLoad load = load()) {
            load.awaitAcked(1_000, Duration.ofSeconds(60));

            assertThat(dev.terminate(Duration.ofSeconds(10)))
                    .as("ended in time")
                    .isTrue();
            assertThat(redis.isAlive()).isFalse();
            await().until(() -> load.closedWith(1001) == load.size());
            startDev();

            assertThat(identity()).isEqualTo(identity);
            load.awaitAcked(500, Duration.ofSeconds(60));
            load.assertAllAckedAndStoredOnce("dev stopped by SIGTERM", rest(), "demo");
        }
    }

    @Test
    void saysOnItsConsoleThatItsRedisDied() throws IOException {
        ProcessHandle redis = redis();

        boolean killed = redis.destroyForcibly();

        assertThat(killed).isTrue();
        assertThat(dev.awaitLine("ganglion: Redis \\(process (\\d+)\\) ended; .*start it again"))
                .isEqualTo(String.valueOf(redis.pid()));
    }

    @Test
    void leavesNoRedisWhenKilledAndTheNextStartContinues() throws IOException {
        ProcessHandle redis = redis();
        String identity = identity();
        try (FaultLoad load = load()) {
            load.awaitAcked(1_000, Duration.ofSeconds(60));

            dev.kill9();
            await().atMost(Duration.ofSeconds(6)).until(() -> !redis.isAlive());
            startDev();

            assertThat(identity()).isEqualTo(identity);
            load.awaitAcked(500, Duration.ofSeconds(60));
            load.assertAllAckedAndStoredOnce("dev killed", rest(), "demo");
        }
    }
}
