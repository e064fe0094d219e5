package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.Brain;
import dev.ganglion.RunningBrain;
import dev.ganglion.cli.Console;
import dev.ganglion.cli.Main;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.testing.fault.FaultLoad;
import dev.ganglion.testing.fault.FaultRest;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.redis.RedisCalls;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a brain whose Redis loses its data, its durability or its scripts. */
@Timeout(120)
class EmptiedRedisIT {
    private static final String ADMIN_KEY = "z4k_only-for-tests-of-faults";
    private static final String PROJECT = "faults";
    private static final Duration NOTICED = Duration.ofSeconds(5);
    private static final Duration BACK = Duration.ofSeconds(8);

    @TempDir
    Path data;

    @TempDir
    Path backup;

    private RedisProcess redis;
    private Brain brain;
    private FaultRest rest;
    private FaultRest.Enrolled agent;
    private FaultLoad load;

    @BeforeEach
    void givenABrainUnderLoad() throws Exception {
        redis = RedisProcess.start(RedisExtension.spec(data));
        brain = started(Map.of());
        rest = new FaultRest(brain.port(), ADMIN_KEY);
        rest.project(PROJECT);
        List<FaultRest.Enrolled> agents = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            agents.add(rest.agent(PROJECT, "loaded-" + i, -1));
        }
        agent = agents.get(0);
        load = new FaultLoad(rest, agents, 1);
        load.awaitAcked(100, Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() {
        load.close();
        brain.stop().timeout(15, TimeUnit.SECONDS).await();
        redis.stop();
    }

    private Brain started(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "http.port", "0",
                "redis.uri", redis.uri().connectionString().value(),
                "master-secret", "a master secret that is only for tests",
                "admin-key", ADMIN_KEY,
                "drain.window", "0s",
                "store.pause-limit", "5s"));
        settings.putAll(more);
        return RunningBrain.await(
                Brain.start(GanglionConfig.with(settings), Clock.systemUTC()), Duration.ofSeconds(60));
    }

    private String storeId() {
        return redisCall("GET", "ganglion:identity");
    }

    private void untilNotReadyFor(String... words) {
        await().atMost(NOTICED)
                .untilAsserted(() -> assertThat(rest.ready()).startsWith("503").contains(words));
    }

    private void untilReady() {
        await().atMost(BACK).until(() -> rest.ready().startsWith("200"));
    }

    /** An agent that hears 4401, 4003 or 401 stops for good. */
    private void assertNoAgentWasToldToStop() {
        assertThat(load.closedWith(4401)).isZero();
        assertThat(load.closedWith(4003)).isZero();
        assertThat(load.disconnectReasons()).noneMatch(reason -> reason.contains("401"));
    }

    private void assertEverythingIsRefused() {
        assertThat(rest.upgrade(agent.token())).startsWith("HTTP/1.1 503").containsIgnoringCase("Retry-After: ");
        Rest calls = Rest.at(brain.port(), "Bearer " + ADMIN_KEY);
        JsonObject body = new JsonObject().put("slug", "void").put("name", "void");
        assertThat(calls.post("/projects", body).status()).isEqualTo(503);
        assertThat(calls.get("/projects").status()).isEqualTo(503);
        assertThat(calls.get("/projects/" + PROJECT).status()).isEqualTo(503);
        assertThat(Rest.at(brain.port(), "Bearer z4k_unknown").get("/projects").status())
                .isEqualTo(503);
        assertThat(redisCall("KEYS", "ganglion:slug:void")).isEmpty();
    }

    @Test
    void refusesARedisThatRestartedEmptyAndServesTheRestoredBackup() throws IOException {
        String id = storeId();
        redis.kill9();
        copy(data, backup);
        wipe(data);
        redis.restart();

        untilNotReadyFor("has lost data of store " + id, "ganglion store accept --replaces " + id);
        assertEverythingIsRefused();
        assertThat(metric("other-store")).isEqualTo("1.0");
        load.assertNothingIsAckedFor(Duration.ofMillis(500));
        assertNoAgentWasToldToStop();

        redis.kill9();
        wipe(data);
        copy(backup, data);
        redis.restart();

        untilReady();
        load.awaitAcked(100, Duration.ofSeconds(60));
        assertThat(storeId()).isEqualTo(id);
        assertNoAgentWasToldToStop();
        load.assertAllAckedAndStoredOnce("Redis emptied and restored", rest, PROJECT);
    }

    @Test
    void neverCallsATokenUnknownInARedisThatWasFlushedAMomentAgo() {
        redisCall("FLUSHALL");

        assertEverythingIsRefused();
        untilNotReadyFor("has lost data of store");
        assertNoAgentWasToldToStop();
    }

    @Test
    void refusesAnotherStoreUntilAnOperatorAcceptsIt() throws Exception {
        String id = storeId();
        load.pause();
        redisCall("FLUSHALL");
        Brain other = started(Map.of());
        String otherId = storeId();
        other.stop().timeout(15, TimeUnit.SECONDS).await();

        untilNotReadyFor("holds store " + otherId + " instead of " + id);

        assertThat(commandLine("store", "show")).contains("store " + otherId, "complete");
        assertThat(commandLine("store", "accept", "--replaces", id))
                .contains("store " + otherId + " in place of " + id);

        untilReady();
        Rest calls = Rest.at(brain.port(), "Bearer " + ADMIN_KEY);
        assertThat(calls.get("/projects/" + PROJECT).status()).isEqualTo(404);
        assertThat(calls.get("/cluster").expect(200).getJsonObject("store").getString("id"))
                .isEqualTo(otherId);
        assertThat(rest.upgrade(agent.token())).startsWith("HTTP/1.1 101"); // closes with 4401
        assertThat(calls.get("/audit").expect(200).encode()).contains("ganglion store accept");
    }

    @Test
    void startsOnlyOnTheStoreThatRedisStoreIdNames() throws Exception {
        String id = storeId();
        started(Map.of("redis.store-id", id))
                .stop()
                .timeout(15, TimeUnit.SECONDS)
                .await();
        load.pause();
        redisCall("FLUSHALL");

        assertThatStartFails(Map.of("redis.store-id", id), "redis.store-id: Redis is empty", "--replaces " + id);
        assertThat(redisCall("KEYS", "*")).doesNotContain("identity");

        assertThat(commandLine("store", "accept", "--replaces", id)).contains("in place of " + id);
        started(Map.of("redis.store-id", id))
                .stop()
                .timeout(15, TimeUnit.SECONDS)
                .await();
        assertThatStartFails(Map.of("redis.store-id", "another"), "redis.store-id: Redis holds store " + storeId());
    }

    @Test
    void stopsAckingWhileRedisDoesNotKeepItsWrites() {
        redisCall("CONFIG", "SET", "appendonly", "no");

        untilNotReadyFor("appendonly no", "set appendonly yes");
        load.assertNothingIsAckedFor(Duration.ofSeconds(1));
        assertThat(rest.upgrade(agent.token())).startsWith("HTTP/1.1 503");
        assertThat(metric("not-durable")).isEqualTo("1.0");
        redisCall("CONFIG", "SET", "appendonly", "yes");

        untilReady();
        load.awaitAcked(100, Duration.ofSeconds(60));

        redisCall("CONFIG", "SET", "appendfsync", "everysec");
        untilNotReadyFor("appendfsync everysec");
        redisCall("CONFIG", "SET", "appendfsync", "always");

        untilReady();
        load.awaitAcked(100, Duration.ofSeconds(60));
        assertNoAgentWasToldToStop();
        load.assertAllAckedAndStoredOnce("Redis without its file", rest, PROJECT);
    }

    @Test
    void servesEveryCallAlthoughRedisLostItsScripts() {
        load.pause();
        Rest calls = Rest.at(brain.port(), "Bearer " + ADMIN_KEY);
        for (int i = 0; i < 5; i++) {
            redisCall("SCRIPT", "FLUSH");
            JsonObject body = new JsonObject().put("slug", "scripts-" + i).put("name", "scripts");
            assertThat(calls.post("/projects", body).status()).isEqualTo(201);
        }
        redisCall("SCRIPT", "FLUSH");
        load.resume();
        load.awaitAcked(100, Duration.ofSeconds(60));
        assertThat(load.disconnectReasons()).isEmpty();
    }

    private void assertThatStartFails(Map<String, String> settings, String... words) {
        try {
            Brain unwanted = started(settings);
            unwanted.stop().timeout(15, TimeUnit.SECONDS).await();
        } catch (Exception refused) {
            assertThat(refused).hasMessageContainingAll(words);
            return;
        }
        throw new AssertionError("the brain started on a store that it must not serve");
    }

    private String metric(String reason) {
        return Rest.at(brain.port(), "Bearer " + ADMIN_KEY)
                .call("GET", "/metrics", null)
                .text()
                .lines()
                .filter(line -> line.startsWith("ganglion_store_unavailable{reason=\"" + reason + "\"}"))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .findAny()
                .orElse("");
    }

    private String commandLine(String... arguments) {
        StringWriter out = new StringWriter();
        Console console = new Console(
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                Map.of(
                        "GANGLION_REDIS_URI",
                        redis.uri().connectionString().value(),
                        "GANGLION_MASTER_SECRET",
                        "a master secret that is only for tests"));
        int code = Main.commandLine(console).execute(arguments);
        assertThat(code)
                .as("exit code of %s: %s", String.join(" ", arguments), out)
                .isZero();
        return out.toString();
    }

    @CanIgnoreReturnValue
    private String redisCall(String... command) {
        return RedisCalls.call(redis.uri(), command);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from.resolve("appendonlydir"))) {
            for (Path path : paths.toList()) {
                Path copied = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copied);
                } else {
                    Files.copy(path, copied);
                }
            }
        }
    }

    private static void wipe(Path data) throws IOException {
        try (Stream<Path> paths = Files.walk(data.resolve("appendonlydir"))) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
