package dev.ganglion.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.telemetry.StoreCondition;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.StoreFault.Reason;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.redis.RedisCalls;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a password of Redis that changes while the brain runs. */
@Timeout(60)
class RotatedPasswordIT {
    private static final Duration SOON = Duration.ofSeconds(8);

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private final StoreCondition condition = new StoreCondition(Ticker.system());
    private RedisProcess redis;
    private Path file;
    private SharedLine line;

    @BeforeEach
    void connect() throws IOException {
        redis = RedisProcess.start(RedisExtension.spec(data.resolve("redis")).withPassword(Secret.of("the first one")));
        file = Files.writeString(data.resolve("password"), "the first one\n");
        RedisServers servers = new RedisServers(
                vertx,
                GanglionConfig.with(Map.of(
                                "redis.uri",
                                "redis://127.0.0.1:" + redis.port(),
                                "redis.password-file",
                                file.toString()))
                        .redis(),
                condition);
        line = new SharedLine(
                vertx,
                new RedisLine(vertx, servers, "data", Ticker.system()),
                vertx.getOrCreateContext(),
                Ticker.system());
        line.start().timeout(10, TimeUnit.SECONDS).await();
    }

    @AfterEach
    void close() {
        line.close().await();
        vertx.close().await();
        redis.stop();
    }

    private void call(String password, String... command) {
        RedisUri uri =
                new RedisUri(false, "127.0.0.1", redis.port(), Optional.empty(), Optional.of(Secret.of(password)), 0);
        RedisCalls.call(uri, command);
    }

    private boolean answers() {
        return line.available()
                && line.send(Request.cmd(Command.PING))
                        .transform(reply -> Future.succeededFuture(reply.succeeded()))
                        .await();
    }

    @Test
    void keepsItsConnectionsAndUsesTheNewPasswordForNewOnes() throws IOException {
        call("the first one", "CONFIG", "SET", "requirepass", "the second one");
        assertThat(answers()).isTrue();
        Files.writeString(file, "the second one\n");

        call("the second one", "CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "YES");

        await().atMost(SOON).until(() -> condition.lastFault().isPresent() && answers());
        assertThat(condition.lastFault().map(StoreFault::reason)).contains(Reason.LOST);
    }

    @Test
    void waitsForTheNewPasswordIfTheFileIsLate() throws IOException {
        call("the first one", "CONFIG", "SET", "requirepass", "the second one");
        call("the second one", "CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "YES");
        await().atMost(SOON)
                .until(() -> condition.fault().map(StoreFault::reason).equals(Optional.of(Reason.WRONG_PASSWORD)));
        Files.delete(file);
        await().atMost(SOON)
                .until(() -> condition.fault().orElseThrow().detail().contains("redis.password-file cannot be read"));

        Files.writeString(file, "the second one");

        await().atMost(SOON).until(this::answers);
    }
}
