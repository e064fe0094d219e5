package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.testing.brain.BrainProcess;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.redis.OnCluster;
import dev.ganglion.testing.redis.RedisExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests what the log of a node tells of the death of one master of a Redis Cluster. */
@OnCluster
@Timeout(120)
class DeadMasterLogIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @TempDir
    Path directory;

    private static List<String> lines(Path log, String part) {
        try {
            return Files.readAllLines(log).stream()
                    .filter(line -> line.contains(part))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void hasOneLineForEachReasonAndOneAtTheEnd() {
        Path log = directory.resolve("log");
        RedisProcess master = redis.cluster().servers().get(1);
        try (BrainProcess brain = BrainProcess.startLoggingTo(log, redis)) {
            master.kill9();
            await().atMost(Duration.ofSeconds(5)).until(() -> ready(brain).status() == 503);
            await().pollDelay(Duration.ofSeconds(5)).until(() -> true); // every connection tries several times
            assertThat(ready(brain).text()).contains("127.0.0.1:" + master.port());
            master.restart();
            await().atMost(Duration.ofSeconds(15)).until(() -> ready(brain).status() == 200);
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> !lines(log, "Redis is available again").isEmpty());
        }

        assertThat(lines(log, " ERROR ")).isEmpty();
        assertThat(lines(log, "Redis is unavailable")).hasSizeBetween(1, 6);
        assertThat(lines(log, "Redis is available again")).hasSize(1);
    }

    private static Rest.Response ready(BrainProcess brain) {
        return brain.rest().call("GET", "/readyz", null);
    }
}
