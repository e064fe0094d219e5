package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.Brain;
import dev.ganglion.RunningBrain;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.value.Secret;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.testing.fault.FaultLoad;
import dev.ganglion.testing.fault.FaultRest;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.redis.RedisCalls;
import dev.ganglion.testing.redis.RedisExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies a brain's Redis under load as the documentation describes, and continues with another brain on the copy. */
@Timeout(300)
class BackupIT {
    private static final String ADMIN_KEY = "z4k_only-for-tests-of-faults";
    private static final String PROJECT = "kept";
    private static final Secret PASSWORD = Secret.of("the password of both");

    @TempDir
    Path original;

    @TempDir
    Path restored;

    private final int port = Ports.free();
    private final FaultRest rest = new FaultRest(port, ADMIN_KEY);
    private RedisProcess redis;
    private Brain brain;
    private FaultLoad load;

    @BeforeEach
    void givenABrainUnderLoad() throws Exception {
        redis = RedisProcess.start(RedisExtension.spec(original).withPassword(PASSWORD));
        brain = serve();
        rest.project(PROJECT);
        load = new FaultLoad(rest, List.of(rest.agent(PROJECT, "a", 4), rest.agent(PROJECT, "b", 4)), 4);
        load.awaitAcked(1_000, Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() {
        load.close();
        brain.stop().timeout(30, TimeUnit.SECONDS).await();
        redis.stop();
    }

    private Brain serve() throws Exception {
        GanglionConfig config = GanglionConfig.with(Map.of(
                "http.port",
                String.valueOf(port),
                "redis.uri",
                redis.uri().connectionString().value(),
                "master-secret",
                "a master secret that is only for tests",
                "admin-key",
                ADMIN_KEY,
                "drain.window",
                "0s"));
        return RunningBrain.await(Brain.start(config, Clock.systemUTC()), Duration.ofSeconds(60));
    }

    @CanIgnoreReturnValue
    private String call(String... command) {
        return RedisCalls.call(redis.uri(), command);
    }

    private boolean infoContains(String section, String line) {
        return call("INFO", section).lines().anyMatch(line::equals);
    }

    /**
     * Replaces the original Redis by the copy. Events after the copy are lost; agents reconnect to the same address.
     */
    private void continueWithTheCopy(RedisProcess copy) throws Exception {
        brain.stop().timeout(30, TimeUnit.SECONDS).await();
        redis.stop();
        redis = copy;
        brain = serve();
    }

    private void assertContinues(String way, List<String> before) {
        load.awaitAllOnline();
        load.awaitAcked(500, Duration.ofSeconds(60));
        load.pause();
        List<String> stored = rest.storedIds(PROJECT);
        System.out.printf(
                "restored from %s: %d events before the copy, %d after the restore%n",
                way, before.size(), stored.size());
        assertThat(stored)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThanOrEqualTo(before.size() + 500)
                .containsAll(before);
    }

    @Test
    void restoresASnapshotTakenUnderLoad() throws Exception {
        List<String> before = rest.storedIds(PROJECT);
        String saved = call("LASTSAVE");
        // LASTSAVE counts in seconds
        await().pollDelay(Duration.ofSeconds(1)).until(() -> !call("TIME").startsWith(saved));
        call("BGSAVE");
        await().atMost(Duration.ofSeconds(60)).until(() -> !call("LASTSAVE").equals(saved));
        assertThat(infoContains("persistence", "rdb_last_bgsave_status:ok")).isTrue();
        Path snapshot = Files.copy(original.resolve("dump.rdb"), restored.resolve("dump.rdb"));
        load.awaitAcked(500, Duration.ofSeconds(60));

        RedisProcess copy = RedisProcess.start(
                RedisExtension.spec(restored).withPassword(PASSWORD).withDirectives("appendonly no"));
        RedisCalls.call(copy.uri(), "CONFIG", "SET", "appendonly", "yes");
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            String persistence = RedisCalls.call(copy.uri(), "INFO", "persistence");
            return persistence.contains("aof_rewrite_in_progress:0\r")
                    && persistence.contains("aof_last_bgrewrite_status:ok")
                    && persistence.contains("aof_rewrite_scheduled:0\r");
        });
        continueWithTheCopy(copy);

        assertThat(snapshot).exists();
        assertContinues("a snapshot", before);
    }

    @Test
    void restoresAppendOnlyFilesCopiedUnderLoad() throws Exception {
        List<String> before = rest.storedIds(PROJECT);
        call("CONFIG", "SET", "auto-aof-rewrite-percentage", "0");
        await().atMost(Duration.ofSeconds(60)).until(() -> infoContains("persistence", "aof_rewrite_in_progress:0"));
        copy(original.resolve("appendonlydir"), restored.resolve("appendonlydir"));
        call("CONFIG", "SET", "auto-aof-rewrite-percentage", "100");
        load.awaitAcked(500, Duration.ofSeconds(60));

        continueWithTheCopy(RedisProcess.start(RedisExtension.spec(restored).withPassword(PASSWORD)));

        assertContinues("append-only files", before);
    }

    private static void copy(Path from, Path to) throws IOException {
        Path made = Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path unused = Files.copy(file, made.resolve(file.getFileName()));
            }
        }
    }
}
