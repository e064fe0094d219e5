package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.Brain;
import dev.ganglion.RunningBrain;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.fault.FaultLoad;
import dev.ganglion.testing.fault.FaultRest;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.redis.RedisCalls;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a brain under load with {@code redis.min-replicas} 1 whose only replica fails and recovers. */
@Timeout(300)
class ReplicaRedisIT {
    private static final String ADMIN_KEY = "z4k_only-for-tests-of-faults";
    private static final String PROJECT = "faults";

    @TempDir
    Path primaryData;

    @TempDir
    Path replicaData;

    private RedisProcess primary;
    private RedisProcess replica;
    private Brain brain;
    private FaultRest rest;
    private FaultLoad load;
    private CommandOperator operator;

    @BeforeEach
    void givenABrainUnderLoad() throws Exception {
        primary = RedisProcess.start(RedisExtension.spec(primaryData).withDirectives("repl-diskless-sync-delay 0"));
        replica = RedisProcess.start(RedisExtension.spec(replicaData)
                .withDirectives(
                        "replicaof 127.0.0.1 " + primary.port(),
                        "masterauth " + primary.uri().password().orElseThrow().value()));
        untilReplicated();
        GanglionConfig config = GanglionConfig.with(Map.of(
                "http.port", "0",
                "redis.uri", primary.uri().connectionString().value(),
                "redis.min-replicas", "1",
                "store.pause-limit", "8s",
                "master-secret", "a master secret that is only for tests",
                "admin-key", ADMIN_KEY,
                "drain.window", "0s"));
        brain = RunningBrain.await(Brain.start(config, Clock.systemUTC()), Duration.ofSeconds(60));
        rest = new FaultRest(brain.port(), ADMIN_KEY);
        rest.project(PROJECT);
        FaultRest.Enrolled agent = rest.agent(PROJECT, "loaded", -1);
        operator = new CommandOperator(() -> Rest.at(brain.port(), "Bearer " + ADMIN_KEY), PROJECT, agent.id());
        load = new FaultLoad(rest, List.of(agent), 4);
        load.awaitAcked(500, Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() {
        replica.thaw();
        load.close();
        brain.stop().timeout(30, TimeUnit.SECONDS).await();
        replica.stop();
        primary.stop();
    }

    private void untilReplicated() {
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        RedisCalls.call(primary.uri(), "INFO", "replication").contains("state=online"));
    }

    private void assertNothingIsAcked() {
        await().atMost(Duration.ofSeconds(6)).until(() -> rest.ready().startsWith("503"));
        load.assertNothingIsAckedFor(Duration.ofSeconds(2));
    }

    @Test
    void acksNothingAndRejectsCommandsUntilTheReplicaIsBack() {
        replica.kill9();
        assertNothingIsAcked();
        Rest.Response refused = operator.post("cancel-task", CommandOperator.cancelBody("t"));
        assertThat(refused.status()).as("%s", refused).isEqualTo(503);

        replica.restart();

        load.awaitAcked(500, Duration.ofSeconds(60));
        load.assertAllAckedAndStoredOnce("the one replica killed", rest, PROJECT);
        await("the replicas are counted every second")
                .atMost(Duration.ofSeconds(10))
                .until(() -> rest.ready().startsWith("200"));
        assertThat(operator.post("cancel-task", CommandOperator.cancelBody("t")).status())
                .isEqualTo(202);
    }

    @Test
    void closesSessionsWhenTheReplicaIsFrozenBeyondThePauseLimitAndAgentsReconnect() {
        replica.freeze();
        assertNothingIsAcked();
        await().atMost(Duration.ofSeconds(20)).until(() -> load.closedWith(1011) == load.size());

        replica.thaw();

        load.awaitAcked(500, Duration.ofSeconds(60));
        load.assertAllAckedAndStoredOnce("the one replica frozen for longer than the pause", rest, PROJECT);
    }

    @Test
    void createsOneCommandWhenItIsPostedAgainAfterMissingItsReplicas() {
        replica.freeze();
        JsonObject body = CommandOperator.cancelBody("t").put("idempotency_key", "k");
        assertThat(operator.post("cancel-task", body).status()).isEqualTo(503);
        replica.thaw();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> operator.post("cancel-task", body).status() == 202);
        assertThat(operator.list("limit=10")).hasSize(1);
    }
}
