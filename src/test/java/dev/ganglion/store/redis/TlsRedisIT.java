package dev.ganglion.store.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.Brain;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.store.fault.StoreFaultException;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.fault.FaultLoad;
import dev.ganglion.testing.fault.FaultRest;
import dev.ganglion.testing.network.Certificates;
import dev.ganglion.testing.network.TlsProxy;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests connections with {@code rediss://} to a Redis behind TLS, whose certificate a private authority signed. */
@Timeout(60)
class TlsRedisIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @TempDir
    static Path directory;

    private static final Vertx vertx = Vertx.vertx();
    private static TlsProxy door;

    @BeforeAll
    static void open() throws Exception {
        door = new TlsProxy(redis.uri(), directory);
    }

    @AfterAll
    static void close() {
        door.close();
        vertx.close().await();
    }

    private static RedisConfig config(RedisUri uri, boolean withAuthority) {
        Map<String, String> settings =
                new HashMap<>(Map.of("redis.uri", uri.connectionString().value()));
        if (withAuthority) {
            settings.put("redis.tls.ca", door.certificate().toString());
        }
        return GanglionConfig.with(settings).redis();
    }

    private static void connect(RedisConfig config) {
        Route route = new RedisServers(vertx, config).route();
        try {
            Object unused = route.connect().timeout(20, TimeUnit.SECONDS).await();
        } finally {
            route.close().await();
        }
    }

    @Test
    void runsOnARedisWithAConfiguredAuthority() {
        GanglionConfig config = GanglionConfig.with(Map.of(
                "http.port",
                "0",
                "redis.uri",
                door.uri("localhost").connectionString().value(),
                "redis.tls.ca",
                door.certificate().toString(),
                "master-secret",
                BrainExtension.MASTER_SECRET,
                "admin-key",
                BrainExtension.ADMIN_KEY,
                "drain.window",
                "0s"));
        Brain brain = Brain.start(config, Clock.systemUTC())
                .timeout(30, TimeUnit.SECONDS)
                .await();
        FaultRest rest = new FaultRest(brain.port(), BrainExtension.ADMIN_KEY);
        rest.project("behind-tls");
        try (FaultLoad load = new FaultLoad(rest, List.of(rest.agent("behind-tls", "a", -1)), 2)) {
            load.awaitAcked(200, Duration.ofSeconds(20));
            load.assertAllAckedAndStoredOnce("Redis behind TLS", rest, "behind-tls");
        } finally {
            brain.stop().timeout(30, TimeUnit.SECONDS).await();
        }
    }

    @Test
    void rejectsACertificateOfAnUnknownAuthority() {
        assertThatThrownBy(() -> connect(config(door.uri("localhost"), false))).hasStackTraceContaining("PKIX");
    }

    @Test
    void rejectsACertificateForAnotherName() {
        assertThatThrownBy(() -> connect(config(door.uri("127.0.0.1"), true)))
                .hasStackTraceContaining(SSLException.class.getPackageName())
                .hasStackTraceContaining("No subject alternative names matching IP address 127.0.0.1");
    }

    private static void assertRefused(RedisConfig config, String... words) {
        assertThatThrownBy(() -> connect(config))
                .isInstanceOf(StoreFaultException.class)
                .hasMessageContainingAll(words);
    }

    private static RedisUri with(RedisUri uri, boolean tls) {
        return new RedisUri(tls, uri.host(), uri.port(), uri.user(), uri.password(), 0);
    }

    @Test
    void namesTheSettingForAnUnknownAuthority() {
        assertRefused(
                config(door.uri("localhost"), false),
                "Redis at localhost:",
                "unable to find valid certification path",
                "set redis.tls.ca");
        Path other = Certificates.make(directory, "other").authority();
        RedisConfig config = GanglionConfig.with(Map.of(
                        "redis.uri",
                        door.uri("localhost").connectionString().value(),
                        "redis.tls.ca",
                        other.toString()))
                .redis();
        assertRefused(config, "not in the file of redis.tls.ca");
    }

    @Test
    void namesTheSettingForAWrongHostName() {
        assertRefused(
                config(door.uri("127.0.0.1"), true),
                "No subject alternative names matching IP address 127.0.0.1",
                "write a host name into redis.uri");
    }

    @Test
    void saysThatOnlyOneSideUsesTls() {
        assertRefused(config(with(door.uri("localhost"), false), false), "use rediss:// in redis.uri");
        assertRefused(config(with(redis.uri(), true), false), "use redis:// instead of rediss:// in redis.uri");
    }

    @Test
    void acceptsTheRightNameAndAuthority() {
        connect(config(door.uri("localhost"), true));
    }
}
