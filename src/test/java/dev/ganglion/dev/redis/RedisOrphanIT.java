package dev.ganglion.dev.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.redis.RedisExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the end of Redis when the process that started it ends. That process runs separately from the test. */
@Timeout(60)
class RedisOrphanIT {
    @TempDir
    Path data;

    private final List<ProcessHandle> started = new ArrayList<>();

    /** A process that started a Redis, and the server process. */
    private record Owner(Process process, ProcessHandle server) {}

    @AfterEach
    void endWhatIsLeft() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    private Owner givenAnOwner(boolean stopAtExit) throws IOException {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RedisOwner.class.getName(),
                        data.toString(),
                        String.valueOf(stopAtExit))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(owner.toHandle());
        String pid = new BufferedReader(new InputStreamReader(owner.getInputStream(), UTF_8)).readLine();
        ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        started.add(server);
        return new Owner(owner, server);
    }

    @Test
    void redisEndsWhenItsOwnerIsKilled() throws Exception {
        Owner owner = givenAnOwner(false);

        owner.process().destroyForcibly();

        assertThat(owner.server().onExit().get(5, SECONDS).isAlive()).isFalse();
    }

    @Test
    void frozenRedisEndsWhenItsOwnerIsKilled() throws Exception {
        Owner owner = givenAnOwner(false);
        new ProcessBuilder("sh", "-c", "kill -STOP " + owner.server().pid())
                .start()
                .waitFor();

        owner.process().destroyForcibly();

        assertThat(owner.server().onExit().get(5, SECONDS).isAlive()).isFalse();
    }

    @Test
    void redisEndsBeforeAnOwnerThatReceivesSigterm() throws Exception {
        Owner owner = givenAnOwner(true);

        owner.process().destroy();
        owner.process().waitFor();

        assertThat(owner.server().isAlive()).isFalse();
    }

    @Test
    void nextStartEndsAnOrphan() throws Exception {
        Owner owner = givenAnOwner(false);
        ProcessHandle watch = owner.server().parent().orElseThrow();
        List<ProcessHandle> watches = Stream.concat(Stream.of(watch), watch.children())
                .filter(process -> !process.equals(owner.server()))
                .toList();
        watches.forEach(ProcessHandle::destroyForcibly);
        owner.process().destroyForcibly().waitFor();
        assertThat(owner.server().isAlive())
                .as("the server runs without a process that could end it")
                .isTrue();

        try (RedisProcess next = RedisProcess.start(RedisExtension.spec(data))) {
            // The next start waits for the end of the orphan, but the system may keep its process entry for a moment.
            await().atMost(Duration.ofSeconds(10)).until(() -> !owner.server().isAlive());
            assertThat(next.alive()).isTrue();
        }
    }

    @Test
    void rejectsADirectoryThatAnotherProcessUses()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Owner owner = givenAnOwner(false);

        assertThatThrownBy(() -> RedisProcess.start(RedisExtension.spec(data)))
                .isInstanceOf(RedisProcessException.class)
                .hasMessageContaining("in use by process " + owner.process().pid());
        assertThat(owner.server().isAlive()).isTrue();

        owner.process().destroyForcibly();
        owner.server().onExit().get(5, SECONDS);
        RedisProcess.start(RedisExtension.spec(data)).stop();
    }
}
