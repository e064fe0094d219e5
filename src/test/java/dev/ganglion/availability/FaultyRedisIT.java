package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.Brain;
import dev.ganglion.RunningBrain;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.testing.fault.FaultLoad;
import dev.ganglion.testing.fault.FaultRest;
import dev.ganglion.testing.projection.ReferenceProjection;
import dev.ganglion.testing.redis.RedisCalls;
import dev.ganglion.testing.redis.RedisExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a brain under load whose Redis freezes, crashes or fills up, and recovers. */
@Timeout(300)
class FaultyRedisIT {
    private static final String ADMIN_KEY = "z4k_only-for-tests-of-faults";
    private static final String PROJECT = "faults";
    /** The brain detects a silent Redis within 2.5 s; then the pause limit of 6 s begins. */
    private static final Duration ENDED = Duration.ofSeconds(12);
    /** The connections to Redis retry every 1.5 s. */
    private static final Duration BACK = Duration.ofSeconds(5);

    @TempDir
    Path data;

    private RedisProcess redis;
    private Brain brain;
    private FaultRest rest;
    private FaultRest.Enrolled agent;
    private FaultLoad load;
    private boolean stopped;

    @BeforeEach
    void givenABrainUnderLoad() throws Exception {
        redis = RedisProcess.start(RedisExtension.spec(data));
        GanglionConfig config = GanglionConfig.with(Map.of(
                "http.port", "0",
                "redis.uri", redis.uri().connectionString().value(),
                "master-secret", "a master secret that is only for tests",
                "admin-key", ADMIN_KEY,
                "drain.window", "0s",
                "store.pause-limit", "6s"));
        brain = RunningBrain.await(Brain.start(config, Clock.systemUTC()), Duration.ofSeconds(60));
        rest = new FaultRest(brain.port(), ADMIN_KEY);
        rest.project(PROJECT);
        List<FaultRest.Enrolled> agents = new ArrayList<>();
        for (int i = 0; i < 4; i++) { // enough agents for several lanes
            agents.add(rest.agent(PROJECT, "loaded-" + i, -1));
        }
        agent = agents.get(0);
        load = new FaultLoad(rest, agents, 2);
        load.awaitAcked(500, Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() {
        redis.thaw();
        load.close();
        if (!stopped) {
            brain.stop().timeout(15, TimeUnit.SECONDS).await();
        }
        redis.stop();
    }

    private void untilReady(boolean ready, Duration limit) {
        await().atMost(limit).until(() -> rest.ready().startsWith(ready ? "200" : "503"));
    }

    private void untilAllEndedWith1011() {
        await().atMost(ENDED).until(() -> load.closedWith(1011) == load.size());
    }

    @Test
    void pausesEverySessionWhileRedisIsFrozenAndLosesNothing() {
        long frozenAt = System.nanoTime();
        redis.freeze();

        untilReady(false, Duration.ofSeconds(4));
        assertThat(rest.ready()).contains("\"store\":\"Redis at 127.0.0.1:" + redis.port() + ": does not answer\"");
        assertThat(rest.upgrade(agent.token())).startsWith("HTTP/1.1 503").containsIgnoringCase("Retry-After: ");
        load.assertNothingIsAckedFor(
                Duration.ofSeconds(5).minusNanos(System.nanoTime() - frozenAt).plusMillis(200));
        redis.thaw();

        untilReady(true, BACK);
        load.awaitAcked(500, Duration.ofSeconds(60));
        load.assertAllAckedAndStoredOnce("Redis frozen for 5 s", rest, PROJECT);
        assertThat(load.disconnectReasons()).isEmpty();
        assertThat(load.sessions()).isEqualTo(load.size());
    }

    @Test
    void losesNothingAckedWhenRedisIsKilledAndRestarted() {
        for (int crash = 1; crash <= 3; crash++) {
            redis.kill9();
            untilReady(false, Duration.ofSeconds(4));
            load.assertNothingIsAckedFor(Duration.ofMillis(500));
            redis.restart();
            untilReady(true, BACK);
            load.awaitAcked(500, Duration.ofSeconds(60));
        }
        load.assertAllAckedAndStoredOnce("Redis killed 3 times", rest, PROJECT);
        ReferenceProjection.of(rest, PROJECT).assertProjected();
        assertThat(load.disconnectReasons()).isEmpty();
    }

    @Test
    void closesSessionsWhenRedisIsDeadBeyondThePauseLimitAndAgentsReconnect() {
        redis.kill9();

        untilAllEndedWith1011();
        redis.restart();

        untilReady(true, BACK);
        load.awaitAcked(500, Duration.ofSeconds(60));
        load.assertAllAckedAndStoredOnce("Redis dead for longer than the pause", rest, PROJECT);
        assertThat(load.sessions()).isEqualTo(2L * load.size());
    }

    @Test
    void closesSessionsWhenRedisIsFrozenBeyondThePauseLimitAndAgentsReconnect() {
        redis.freeze();

        untilAllEndedWith1011();
        redis.thaw();

        untilReady(true, Duration.ofSeconds(8));
        load.awaitAcked(500, Duration.ofSeconds(60));
        load.assertAllAckedAndStoredOnce("Redis frozen for longer than the pause", rest, PROJECT);
        assertThat(load.sessions()).isEqualTo(2L * load.size());
    }

    @Test
    void pausesEverySessionWhileRedisIsFullAndLosesNothing() {
        redisCall("CONFIG", "SET", "maxmemory", "1");

        untilReady(false, Duration.ofSeconds(4));
        assertThat(rest.ready()).contains("OOM command not allowed");
        load.assertNothingIsAckedFor(Duration.ofSeconds(2));
        assertThat(rest.upgrade(agent.token())).startsWith("HTTP/1.1 503");
        redisCall("CONFIG", "SET", "maxmemory", "0");

        untilReady(true, BACK);
        load.awaitAcked(500, Duration.ofSeconds(60));
        load.assertAllAckedAndStoredOnce("Redis full", rest, PROJECT);
        assertThat(load.disconnectReasons()).isEmpty();
    }

    @Test
    void closesSessionsWhenRedisIsFullBeyondThePauseLimit() {
        redisCall("CONFIG", "SET", "maxmemory", "1");

        untilAllEndedWith1011();
        redisCall("CONFIG", "SET", "maxmemory", "0");

        load.awaitAcked(500, Duration.ofSeconds(60));
        load.assertAllAckedAndStoredOnce("Redis full for longer than the pause", rest, PROJECT);
    }

    @Test
    void keepsSessionsWhenRedisForgetsItsScripts() {
        redisCall("SCRIPT", "FLUSH");

        load.awaitAcked(1_000, Duration.ofSeconds(60));
        load.assertAllAckedAndStoredOnce("Redis without its scripts", rest, PROJECT);
        assertThat(load.disconnectReasons()).isEmpty();
    }

    @Test
    void stopsInTimeWhileRedisIsFrozen() {
        redis.freeze();
        untilReady(false, Duration.ofSeconds(4));
        long from = System.nanoTime();

        stopped = true;
        brain.stop().timeout(15, TimeUnit.SECONDS).await();

        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(8));
        await().until(() -> load.closedWith(1001) == load.size());
    }

    private void redisCall(String... command) {
        RedisCalls.call(redis.uri(), command);
    }
}
