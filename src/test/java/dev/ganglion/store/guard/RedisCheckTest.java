package dev.ganglion.store.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.value.Durability;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.redis.RedisLine;
import dev.ganglion.store.redis.RedisServers;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests which servers the check accepts and rejects, and its messages. */
@Timeout(30)
class RedisCheckTest {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void givenARedisWithTheRequiredSettings() {
        Map.of("appendonly", "yes", "appendfsync", "always", "maxmemory-policy", "noeviction")
                .forEach((name, value) -> redis.call("CONFIG", "SET", name, value));
        redis.flush();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private Void check(RedisUri uri, Durability durability) {
        SharedLine line = new SharedLine(
                vertx,
                new RedisLine(vertx, new RedisServers(vertx, RedisConfig.at(uri)), "check", Ticker.system()),
                vertx.getOrCreateContext(),
                Ticker.system());
        return line.start()
                .compose(done -> new RedisCheck(line).run(durability))
                .timeout(5, TimeUnit.SECONDS)
                .await();
    }

    private void assertAccepted(RedisUri uri, Durability durability) {
        assertThatCode(() -> assertThat(check(uri, durability)).isNull()).doesNotThrowAnyException();
    }

    private void assertRejected(Durability durability, String... words) {
        assertThatThrownBy(() -> check(redis.uri(), durability))
                .isInstanceOfSatisfying(
                        GanglionException.class,
                        refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.STORE_MISCONFIGURED))
                .hasMessageContainingAll(words);
    }

    @Test
    void acceptsADurableServer() {
        assertAccepted(redis.uri(), Durability.ALWAYS);
        assertAccepted(redis.uri(), Durability.EVERYSEC);
        redis.call("CONFIG", "SET", "appendfsync", "everysec");
        assertAccepted(redis.uri(), Durability.EVERYSEC);
    }

    @Test
    void rejectsAServerWithoutAnAppendOnlyFile() {
        redis.call("CONFIG", "SET", "appendonly", "no");

        assertRejected(Durability.EVERYSEC, "appendonly no", "set appendonly yes and appendfsync everysec");
    }

    @Test
    void rejectsAServerThatSyncsTooRarely() {
        redis.call("CONFIG", "SET", "appendfsync", "everysec");
        assertRejected(Durability.ALWAYS, "redis.durability is always", "appendfsync everysec", "appendfsync always");

        redis.call("CONFIG", "SET", "appendfsync", "no");
        assertRejected(Durability.EVERYSEC, "appendfsync no", "appendfsync everysec");
    }

    @Test
    void acceptsAServerThatMayEvict() {
        redis.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");

        assertAccepted(redis.uri(), Durability.ALWAYS);
    }

    @Test
    void acceptsAServerWhoseSettingsAreNotReadable() {
        String password = "p@ss w+rd:/%?#ü";
        redis.call("ACL", "SETUSER", "brain+1", "on", ">" + password, "~*", "&*", "+@all", "-config");
        redis.call("CONFIG", "SET", "appendfsync", "everysec");
        RedisUri uri = new RedisUri(
                false,
                redis.uri().host(),
                redis.uri().port(),
                Optional.of("brain+1"),
                Optional.of(Secret.of(password)),
                0);

        assertAccepted(uri, Durability.ALWAYS);
    }
}
