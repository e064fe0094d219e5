package dev.ganglion.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import dev.ganglion.telemetry.StoreCondition;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.StoreFault.Reason;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.log.WarnLog;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests which reason a connection to Redis gives for each way in which Redis may fail. */
@Timeout(60)
class StoreReasonsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    final WarnLog log = new WarnLog();

    private final Vertx vertx = Vertx.vertx();
    private final StoreCondition condition = new StoreCondition(Ticker.system());
    private final List<SharedLine> lines = new ArrayList<>();

    @AfterEach
    void close() {
        lines.forEach(line -> line.close().await());
        vertx.close().await();
    }

    @CanIgnoreReturnValue
    private SharedLine connect(RedisUri uri) {
        SharedLine line = new SharedLine(
                vertx,
                new RedisLine(vertx, new RedisServers(vertx, RedisConfig.at(uri), condition), "data", Ticker.system()),
                vertx.getOrCreateContext(),
                Ticker.system());
        lines.add(line);
        Future<Void> unused = line.start();
        return line;
    }

    private StoreFault fault(Reason reason) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(condition.fault().map(StoreFault::reason)).contains(reason));
        return condition.fault().orElseThrow();
    }

    private static RedisUri with(Optional<Secret> password) {
        RedisUri own = redis.uri();
        return new RedisUri(own.kind(), false, own.servers(), Optional.empty(), password, Optional.empty(), 0);
    }

    @Test
    void namesAWrongPasswordAndTheServerOnceWithoutThePassword() {
        connect(with(Optional.of(Secret.of("not-the-password"))));

        StoreFault fault = fault(Reason.WRONG_PASSWORD);
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true); // several attempts

        assertThat(fault.server()).isEqualTo(redis.uri().servers().get(0).toString());
        assertThat(fault.sentence())
                .contains("WRONGPASS", "redis.password-file")
                .doesNotContain("not-the-password");
        assertThat(log.texts()).hasSize(1).allSatisfy(text -> assertThat(text).doesNotContain("not-the-password"));
    }

    @Test
    void namesAMissingPassword() {
        connect(with(Optional.empty()));

        assertThat(fault(Reason.NO_PASSWORD).detail()).contains("NOAUTH", "set redis.password");
    }

    @Test
    void namesARefusedConnection() {
        RedisAddress nobody = new RedisAddress("127.0.0.1", Ports.free());
        connect(redis.uri().at(nobody));

        assertThat(fault(Reason.REFUSED))
                .isEqualTo(new StoreFault(Reason.REFUSED, nobody.toString(), "connection refused"));
    }

    @Test
    void namesAnUnknownHost() {
        connect(redis.uri().at(new RedisAddress("no-such-host.invalid", 6379)));

        assertThat(fault(Reason.UNKNOWN_HOST).server()).isEqualTo("no-such-host.invalid:6379");
    }

    @Test
    void namesAFullRedisAndEndsWhenMemoryIsFree() {
        SharedLine line = connect(redis.uri());
        await().atMost(Duration.ofSeconds(10)).until(line::available);
        redis.call("CONFIG", "SET", "maxmemory", "1");
        Future<?> write = line.send(Request.cmd(Command.SET).arg("a").arg("b"));
        await().until(write::isComplete);

        assertThat(fault(Reason.FULL).detail()).contains("OOM", "maxmemory");
        assertThat(line.available()).isTrue();
        redis.call("CONFIG", "SET", "maxmemory", "0");

        await().atMost(Duration.ofSeconds(5)).until(() -> condition.fault().isEmpty());
    }

    @Test
    void namesAServerThatRunsAScriptForTooLong() {
        SharedLine line = connect(redis.uri());
        await().atMost(Duration.ofSeconds(10)).until(line::available);
        redis.call("CONFIG", "SET", "busy-reply-threshold", "100");
        Thread script = new Thread(() -> {
            try {
                redis.call("EVAL", "while true do end", "0");
            } catch (RuntimeException killed) {
                // the script is killed below
            }
        });
        script.start();

        assertThat(fault(Reason.BUSY).detail()).contains("BUSY");
        redis.call("SCRIPT", "KILL");

        await().atMost(Duration.ofSeconds(5)).until(() -> condition.fault().isEmpty());
    }

    @Test
    void namesAReplicaThatTakesNoWrites() {
        SharedLine line = connect(redis.uri());
        await().atMost(Duration.ofSeconds(10)).until(line::available);
        redis.call("REPLICAOF", "127.0.0.1", String.valueOf(Ports.free()));
        try {
            Future<?> write = line.send(Request.cmd(Command.SET).arg("a").arg("b"));
            assertThat(fault(Reason.READ_ONLY).detail()).contains("READONLY");
            await().until(write::isComplete);
        } finally {
            redis.call("REPLICAOF", "NO", "ONE");
        }
    }

    @Test
    void namesASchemeForAnotherKindOfServer() {
        RedisUri own = redis.uri();
        connect(new RedisUri(
                RedisUri.Kind.CLUSTER, false, own.servers(), Optional.empty(), own.password(), Optional.empty(), 0));

        assertThat(fault(Reason.WRONG_KIND).detail()).contains("use redis:// in redis.uri");
    }

    @Test
    void namesASchemeForSentinelsAtAPlainServer() {
        RedisUri own = redis.uri();
        connect(new RedisUri(
                RedisUri.Kind.SENTINEL, false, own.servers(), Optional.empty(), own.password(), Optional.of("m"), 0));

        assertThat(fault(Reason.WRONG_KIND).detail()).startsWith("sentinel: ").contains("use redis:// in redis.uri");
    }
}
