package dev.ganglion.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.config.Durability;
import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.RedisUri;
import dev.ganglion.config.Secret;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import dev.ganglion.testing.RedisExtension;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which servers are taken and which are refused, and in what words. */
@Timeout(30)
class RedisCheckTest {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void asTheBrainWantsIt() {
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
                new RedisLine(vertx, new RedisPlace(vertx, RedisConfig.at(uri)), "check"),
                vertx.getOrCreateContext());
        return line.start()
                .compose(done -> new RedisCheck(line).run(durability))
                .timeout(5, TimeUnit.SECONDS)
                .await();
    }

    private void assertTaken(RedisUri uri, Durability durability) {
        assertThatCode(() -> assertThat(check(uri, durability)).isNull()).doesNotThrowAnyException();
    }

    private void assertRefused(Durability durability, String... words) {
        assertThatThrownBy(() -> check(redis.uri(), durability))
                .isInstanceOfSatisfying(
                        GanglionException.class,
                        refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.STORE_MISCONFIGURED))
                .hasMessageContainingAll(words);
    }

    @Test
    void aServerThatKeepsWhatIsAckedIsTaken() {
        assertTaken(redis.uri(), Durability.ALWAYS);
        assertTaken(redis.uri(), Durability.EVERYSEC);
        redis.call("CONFIG", "SET", "appendfsync", "everysec");
        assertTaken(redis.uri(), Durability.EVERYSEC);
    }

    @Test
    void aServerWithoutAnAppendOnlyFileIsRefusedWithTheFix() {
        redis.call("CONFIG", "SET", "appendonly", "no");

        assertRefused(Durability.EVERYSEC, "appendonly no", "set appendonly yes and appendfsync everysec");
    }

    @Test
    void aServerThatSyncsLessOftenThanPromisedIsRefusedWithTheFix() {
        redis.call("CONFIG", "SET", "appendfsync", "everysec");
        assertRefused(Durability.ALWAYS, "redis.durability is always", "appendfsync everysec", "appendfsync always");

        redis.call("CONFIG", "SET", "appendfsync", "no");
        assertRefused(Durability.EVERYSEC, "appendfsync no", "appendfsync everysec");
    }

    @Test
    void aServerThatMayEvictIsOnlyWarnedAbout() {
        redis.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");

        assertTaken(redis.uri(), Durability.ALWAYS);
    }

    @Test
    void theLayoutIsWrittenOnceAndOneMoreOrLessIsTaken() {
        assertTaken(redis.uri(), Durability.ALWAYS);
        assertThat(redis.call("GET", Keys.SCHEMA)).isEqualTo(String.valueOf(RedisCheck.SCHEMA));
        redis.call("SET", Keys.SCHEMA, String.valueOf(RedisCheck.SCHEMA + 1));

        assertTaken(redis.uri(), Durability.ALWAYS);

        assertThat(redis.call("GET", Keys.SCHEMA)).isEqualTo(String.valueOf(RedisCheck.SCHEMA + 1));
    }

    @Test
    void aNewerLayoutIsRefused() {
        redis.call("SET", Keys.SCHEMA, String.valueOf(RedisCheck.SCHEMA + 2));

        assertRefused(Durability.ALWAYS, "layout " + (RedisCheck.SCHEMA + 2), "use the brain version");
    }

    @Test
    void aKeyThatIsNoLayoutOfOursIsRefusedInWords() {
        redis.call("SET", Keys.SCHEMA, "somebody else's");

        assertRefused(Durability.ALWAYS, Keys.SCHEMA);
    }

    @Test
    void aUserWhoMayNotReadTheSettingsIsTakenAtTheirWord() {
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

        assertTaken(uri, Durability.ALWAYS);
    }

    @Test
    void anotherDatabaseIsUsedWhereTheUriNamesOne() {
        RedisUri own = redis.uri();

        assertTaken(new RedisUri(false, own.host(), own.port(), own.user(), own.password(), 3), Durability.ALWAYS);

        assertThat(redis.call("GET", Keys.SCHEMA)).isEmpty();
    }
}
