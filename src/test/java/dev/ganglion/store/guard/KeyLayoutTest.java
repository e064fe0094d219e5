package dev.ganglion.store.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.cluster.NodeRecord;
import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.cluster.NodeRoster;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.RedisLine;
import dev.ganglion.store.redis.RedisServers;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which data a node starts on, and when it raises the layout of older data. */
@Timeout(30)
class KeyLayoutTest {
    private static final String OWN = String.valueOf(KeyLayout.OWN);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void givenAnEmptyRedis() {
        redis.call("CONFIG", "SET", "maxmemory", "0");
        redis.flush();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private SharedLine line(RedisUri uri) {
        SharedLine line = new SharedLine(
                vertx,
                new RedisLine(vertx, new RedisServers(vertx, RedisConfig.at(uri)), "check", Ticker.system()),
                vertx.getOrCreateContext(),
                Ticker.system());
        await(line.start());
        return line;
    }

    private static Void await(Future<Void> future) {
        return future.timeout(15, TimeUnit.SECONDS).await();
    }

    private void start(RedisUri uri) {
        SharedLine line = line(uri);
        KeyLayout layout = new KeyLayout(vertx, line, new NodeRoster(line)::live, PATIENCE, Ticker.system());
        Void unused = await(layout.check().compose(done -> layout.raise()));
    }

    private void start() {
        start(redis.uri());
    }

    private static String layout() {
        return redis.call("GET", RedisKeys.SCHEMA);
    }

    private static void given(String layout) {
        redis.call("SET", RedisKeys.SCHEMA, layout);
    }

    /** Registers a node that runs, as it does itself every second. */
    private static void givenANode(String id, String version) {
        NodeRecord node =
                new NodeRecord(id, "10.0.0.2:7700", version, Instant.EPOCH, NodeRecord.Load.NONE, false, Set.of(id), 0);
        redis.call("SADD", RedisKeys.NODES, id);
        redis.call("SET", RedisKeys.node(id), node.encode(), "PX", "10000");
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(this::start)
                .isInstanceOfSatisfying(
                        GanglionException.class,
                        refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.STORE_MISCONFIGURED))
                .hasMessageContainingAll(words);
    }

    @Test
    void givesAnEmptyRedisItsOwnLayout() {
        start();

        assertThat(layout()).isEqualTo(OWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3"})
    void startsOnOlderDataAndRaisesItsLayout(String found) {
        given(found);

        start();

        assertThat(layout()).isEqualTo(OWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4", "somebody else's"})
    void refusesALayoutThatItDoesNotKnow(String found) {
        given(found);

        assertRefused("key layout " + found, RedisKeys.SCHEMA, "supports layouts 1 to 3", "use the brain version");

        assertThat(layout()).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.0", "0.1.0-SNAPSHOT", ""})
    void refusesToRaiseTheLayoutWhileANodeOfAnOlderVersionRuns(String version) {
        given("1");
        givenANode("old", version);
        givenANode("new", "0.2.0");

        assertRefused(
                "old at 10.0.0.2:7700 (version " + (version.isEmpty() ? "unknown" : version) + ").",
                "key layout 1",
                "Stop all of them");

        assertThat(layout()).isEqualTo("1");
    }

    @Test
    void raisesTheLayoutBesideNodesThatReadIt() {
        given("1");
        givenANode("same", "0.2.0-SNAPSHOT");
        givenANode("newer", "0.10.1");
        givenANode("much-newer", "1.0.0");

        start();

        assertThat(layout()).isEqualTo(OWN);
    }

    @Test
    void waitsForTheRecordOfAKilledNodeToExpire() {
        given("1");
        givenANode("killed", "0.1.0");
        redis.call("PEXPIRE", RedisKeys.node("killed"), "200");

        start();

        assertThat(layout()).isEqualTo(OWN);
    }

    @Test
    void startsBesideOlderNodesOnlyIfTheLayoutIsRaisedAlready() {
        given(OWN);
        givenANode("old", "0.1.0"); // for example, one that started before the layout was raised and hangs

        start();

        assertThat(layout()).isEqualTo(OWN);
    }

    @Test
    void raisesTheLayoutOfAFullRedis() {
        given("1");
        SharedLine line = line(redis.uri());
        KeyLayout layout = new KeyLayout(vertx, line, new NodeRoster(line)::live, PATIENCE, Ticker.system());
        redis.call("CONFIG", "SET", "maxmemory", "1");

        Void unused = await(layout.raise());

        redis.call("CONFIG", "SET", "maxmemory", "0");
        assertThat(layout()).isEqualTo(OWN);
    }

    @Test
    void usesTheDatabaseOfTheUri() {
        RedisUri own = redis.uri();

        start(new RedisUri(false, own.host(), own.port(), own.user(), own.password(), 3));

        assertThat(layout()).isEmpty();
    }
}
