package dev.ganglion.dev.redis;

import static dev.ganglion.testing.redis.RedisCalls.call;
import static dev.ganglion.testing.redis.RedisExtension.spec;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RedisProcessTest {
    @TempDir
    Path data;

    private final Deque<RedisProcess> running = new ArrayDeque<>();

    @AfterEach
    void stop() {
        running.forEach(RedisProcess::stop);
    }

    @CanIgnoreReturnValue
    private RedisProcess started(RedisSpec spec) {
        RedisProcess redis = RedisProcess.start(spec);
        running.add(redis);
        return redis;
    }

    @CanIgnoreReturnValue
    private RedisProcess started() {
        return started(spec(data));
    }

    @Test
    void servesOnTheLoopbackAddressWithTheSettingsOfTheBrain() {
        RedisProcess redis = started();
        RedisUri uri = redis.uri();

        assertThat(call(uri, "INFO", "server")).contains("redis_version:7.0.15", "process_id:" + redis.pid());
        assertThat(call(uri, "CONFIG", "GET", "appendonly")).endsWith("yes");
        assertThat(call(uri, "CONFIG", "GET", "appendfsync")).endsWith("always");
        assertThat(call(uri, "CONFIG", "GET", "maxmemory-policy")).endsWith("noeviction");
        assertThat(call(uri, "CONFIG", "GET", "bind")).endsWith("127.0.0.1");
        assertThat(call(uri, "CONFIG", "GET", "dir")).endsWith(data.toString());
    }

    @Test
    void furtherDirectivesOverrideTheBuiltInOnes() {
        RedisProcess redis = started(
                spec(data).withPassword(Secret.of("a \"quoted\" \\ one")).withDirectives("appendfsync everysec"));

        assertThat(call(redis.uri(), "CONFIG", "GET", "appendfsync")).endsWith("everysec");
    }

    @Test
    void requiresThePasswordAndKeepsItOffCommandLines() {
        RedisUri uri = started().uri();
        String password = uri.password().orElseThrow().value();

        assertThatThrownBy(() -> call(RedisUri.parse("redis://127.0.0.1:" + uri.port()), "PING"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("NOAUTH");
        assertThat(ProcessHandle.allProcesses()
                        .flatMap(process -> process.info().arguments().stream())
                        .flatMap(Arrays::stream))
                .noneMatch(argument -> argument.contains(password));
    }

    @Test
    void stopEndsTheServerAndUnlocksTheDirectory() {
        RedisProcess redis = started();
        RedisUri uri = redis.uri();
        ProcessHandle server = ProcessHandle.of(redis.pid()).orElseThrow();
        ProcessHandle watch = server.parent().orElseThrow();

        redis.stop();
        redis.stop();

        assertThat(List.of(server.isAlive(), watch.isAlive())).containsOnly(false);
        assertThatThrownBy(() -> new Socket(uri.host(), uri.port())).isInstanceOf(IOException.class);
        started();
    }

    @Test
    void dataSurvivesAStopAndTheNextStart() {
        RedisProcess redis = started();
        call(redis.uri(), "SET", "kept", "yes");
        redis.stop();

        assertThat(call(started().uri(), "GET", "kept")).isEqualTo("yes");
    }

    @Test
    void dataSurvivesACrashAndARestartOnTheSamePort() {
        RedisProcess redis = started();
        RedisUri uri = redis.uri();
        call(uri, "SET", "kept", "yes");

        redis.kill9();
        assertThat(redis.alive()).isFalse();
        redis.restart();

        assertThat(redis.uri()).isEqualTo(uri);
        assertThat(call(uri, "GET", "kept")).isEqualTo("yes");
    }

    @Test
    void restartsARunningServer() {
        RedisProcess redis = started();
        RedisUri uri = redis.uri();
        long before = redis.pid();
        call(uri, "SET", "kept", "yes");

        redis.restart();

        assertThat(redis.pid()).isNotEqualTo(before);
        assertThat(call(uri, "GET", "kept")).isEqualTo("yes");
    }

    @Test
    void answersAgainAfterBeingThawed() throws IOException {
        RedisProcess redis = started();
        RedisUri uri = redis.uri();
        redis.freeze();

        try (Socket socket = new Socket(uri.host(), uri.port())) {
            socket.setSoTimeout(100);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            redis.thaw();
            socket.setSoTimeout(5000);
            assertThat(socket.getInputStream().read()).isEqualTo('-');
        }
        assertThat(call(uri, "PING")).isEqualTo("PONG");
    }

    @Test
    void stopsAFrozenServer() {
        RedisProcess redis = started();
        ProcessHandle server = ProcessHandle.of(redis.pid()).orElseThrow();
        redis.freeze();

        redis.stop();

        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void stopsAServerThatIsFrozenWithItsShells() throws Exception {
        RedisProcess redis = started();
        ProcessHandle server = ProcessHandle.of(redis.pid()).orElseThrow();
        ProcessHandle shell = server.parent().orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(shell), shell.descendants()).toList();
        for (ProcessHandle each : all) {
            assertThat(new ProcessBuilder("kill", "-STOP", String.valueOf(each.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }

        redis.stop();

        assertThat(server.isAlive()).isFalse();
        for (ProcessHandle each : all) { // each was killed, but the system may not have reaped it yet
            each.onExit().get(10, SECONDS);
        }
    }

    @Test
    void stopsAServerWhoseShellWasKilled() throws Exception {
        RedisProcess redis = started();
        ProcessHandle server = ProcessHandle.of(redis.pid()).orElseThrow();
        ProcessHandle watch = server.parent().orElseThrow();
        watch.destroyForcibly();
        watch.onExit().get(5, SECONDS);

        redis.stop();

        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void rejectsASecondServerOnTheSameDirectory() {
        RedisUri uri = started().uri();

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> RedisProcess.start(spec(data)))
                    .isInstanceOf(RedisProcessException.class)
                    .hasMessageContaining(data.toString())
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
        }
        assertThat(call(uri, "PING")).isEqualTo("PONG");
    }

    @Test
    void runsTwoServersOnDifferentDirectories(@TempDir Path other) {
        RedisUri uri = started().uri();

        RedisUri otherUri = started(spec(other)).uri();

        assertThat(otherUri).isNotEqualTo(uri);
        assertThat(call(otherUri, "PING")).isEqualTo(call(uri, "PING"));
    }

    @Test
    void reportsAnOccupiedPortWithTheMessageOfRedis() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, RedisProcess.address(0).getAddress())) {
            assertThatThrownBy(() -> RedisProcess.start(spec(data).withPort(taken.getLocalPort())))
                    .isInstanceOf(RedisProcessException.class)
                    .hasMessageContaining("bind: Address in use");
        }
        started();
    }

    @Test
    void ignoresAPidFileThatNamesAnotherProcess() throws IOException, InterruptedException {
        Process bystander = new ProcessBuilder("sleep", "30").start();
        try {
            Files.writeString(data.resolve("redis.pid"), bystander.pid() + "\n");
            started();
            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroyForcibly().waitFor(5, SECONDS);
        }
    }
}
