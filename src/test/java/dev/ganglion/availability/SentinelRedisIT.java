package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.Brain;
import dev.ganglion.RunningBrain;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.testing.fault.FaultLoad;
import dev.ganglion.testing.fault.FaultRest;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.redis.RedisCalls;
import dev.ganglion.testing.redis.RedisExtension;
import dev.ganglion.testing.redis.RedisSentinel;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the failover of a master, watched by three sentinels, to one of its two replicas while the brain is under load.
 * Every acknowledged event was on a replica and must survive.
 */
@Timeout(300)
class SentinelRedisIT {
    private static final String ADMIN_KEY = "z4k_only-for-tests-of-faults";
    private static final String PROJECT = "faults";
    private static final Secret PASSWORD = Secret.of("the password of all three");

    @TempDir
    Path data;

    private final List<RedisProcess> servers = new ArrayList<>();
    private final List<RedisSentinel> sentinels = new ArrayList<>();
    private final int port = Ports.free();
    private final FaultRest rest = new FaultRest(port, ADMIN_KEY);
    private @Nullable Brain brain;
    private @Nullable FaultLoad running;

    @BeforeEach
    void givenAMasterWithTwoReplicas() {
        startServer("master");
        startServer("replica-1", "replicaof 127.0.0.1 " + servers.get(0).port());
        startServer("replica-2", "replicaof 127.0.0.1 " + servers.get(0).port());
        await().atMost(Duration.ofSeconds(60)).until(() -> replicas(servers.get(0)) == 2);
        for (int i = 0; i < 3; i++) {
            sentinels.add(RedisSentinel.start(data, servers.get(0).uri(), 2));
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> sentinels.stream().allMatch(SentinelRedisIT::knowsAll));
    }

    private FaultLoad startLoad(int minReplicas) throws Exception {
        GanglionConfig config = GanglionConfig.with(Map.of(
                "http.port",
                String.valueOf(port),
                "redis.uri",
                uri().connectionString().value(),
                "redis.sentinel-password",
                RedisSentinel.PASSWORD.value(),
                "redis.min-replicas",
                String.valueOf(minReplicas),
                "master-secret",
                "a master secret that is only for tests",
                "admin-key",
                ADMIN_KEY,
                "drain.window",
                "0s"));
        brain = RunningBrain.await(Brain.start(config, Clock.systemUTC()), Duration.ofSeconds(60));
        rest.project(PROJECT);
        List<FaultRest.Enrolled> agents = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            agents.add(rest.agent(PROJECT, "loaded-" + i, -1));
        }
        FaultLoad load = new FaultLoad(rest, agents, 2);
        running = load;
        load.awaitAcked(500, Duration.ofSeconds(60));
        return load;
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
        if (brain != null) {
            brain.stop().timeout(30, TimeUnit.SECONDS).await();
        }
        sentinels.forEach(RedisSentinel::close);
        servers.forEach(RedisProcess::stop);
    }

    private void startServer(String name, String... more) {
        List<String> directives = new ArrayList<>(List.of(more));
        directives.add("masterauth \"" + PASSWORD.value() + "\"");
        directives.add("repl-diskless-sync-delay 0");
        servers.add(RedisProcess.start(RedisExtension.spec(data.resolve(name))
                .withPassword(PASSWORD)
                .withDirectives(directives.toArray(String[]::new))));
    }

    private RedisUri uri() {
        return new RedisUri(
                RedisUri.Kind.SENTINEL,
                false,
                sentinels.stream()
                        .map(each -> new RedisAddress("127.0.0.1", each.uri().port()))
                        .toList(),
                Optional.empty(),
                Optional.of(PASSWORD),
                Optional.of(RedisSentinel.MASTER),
                0);
    }

    private static long replicas(RedisProcess server) {
        return RedisCalls.call(server.uri(), "INFO", "replication")
                .lines()
                .filter(line -> line.contains("state=online"))
                .count();
    }

    private static boolean knowsAll(RedisSentinel sentinel) {
        try {
            return RedisCalls.call(sentinel.uri(), "INFO", "sentinel").contains("slaves=2,sentinels=3");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private static String role(RedisProcess server) {
        try {
            return RedisCalls.call(server.uri(), "ROLE").lines().findFirst().orElseThrow();
        } catch (UncheckedIOException promotion) { // a promotion closes connections
            return "";
        }
    }

    private RedisProcess promoted() {
        List<RedisProcess> masters = new ArrayList<>();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            masters.clear();
            servers.subList(1, 3).stream()
                    .filter(each -> role(each).equals("master"))
                    .forEach(masters::add);
            return masters.size() == 1;
        });
        return masters.get(0);
    }

    @Test
    void losesNothingAckedWhenAKilledMasterFailsOver() throws Exception {
        FaultLoad load = startLoad(1);
        servers.get(0).kill9();

        RedisProcess next = promoted();
        load.awaitAcked(500, Duration.ofSeconds(60));
        load.assertAllAckedAndStoredOnce("a master under sentinels killed", rest, PROJECT);
        assertThat(rest.ready()).startsWith("200");
        assertThat(load.disconnectReasons()).isEmpty();
        assertThat(next.alive()).isTrue();
    }

    /**
     * The demoted master continues as a master for some seconds with the replica that was not promoted. Therefore only
     * writes on both replicas are safe.
     */
    @Test
    void losesNothingAckedWhenAMasterIsDemoted() throws Exception {
        FaultLoad load = startLoad(2);
        String done = RedisCalls.call(sentinels.get(0).uri(), "SENTINEL", "FAILOVER", RedisSentinel.MASTER);

        assertThat(done).isEqualTo("OK");
        RedisProcess next = promoted();
        load.awaitAcked(500, Duration.ofSeconds(60));
        load.assertAllAckedAndStoredOnce("a master under sentinels demoted", rest, PROJECT);
        assertThat(replicas(next)).isEqualTo(2);
        assertThat(role(servers.get(0))).isEqualTo("slave");
    }
}
