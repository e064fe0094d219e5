package dev.ganglion.store.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganglion.config.RedisConfig;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.redis.RedisLine;
import dev.ganglion.store.redis.RedisServers;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.telemetry.StoreCondition;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.StoreFault.Reason;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the checks of the kind of server and of the number of replicas, without any other load. */
@Timeout(60)
class KindAndReplicasIT {
    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private final StoreCondition condition = new StoreCondition(Ticker.system());

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private SharedLine line(RedisProcess redis) {
        SharedLine line = new SharedLine(
                vertx,
                new RedisLine(
                        vertx,
                        new RedisServers(vertx, RedisConfig.at(redis.uri()), condition),
                        "data",
                        Ticker.system()),
                vertx.getOrCreateContext(),
                Ticker.system());
        line.start().timeout(10, TimeUnit.SECONDS).await();
        return line;
    }

    @Test
    void saysHowManyReplicasAnIdleMasterLacks() {
        RedisProcess primary =
                RedisProcess.start(RedisExtension.spec(data.resolve("a")).withDirectives("repl-diskless-sync-delay 0"));
        RedisProcess replica = RedisProcess.start(RedisExtension.spec(data.resolve("b"))
                .withDirectives(
                        "replicaof 127.0.0.1 " + primary.port(),
                        "masterauth " + primary.uri().password().orElseThrow().value()));
        ReplicaCheck one = new ReplicaCheck(vertx, line(primary), 1, condition);
        ReplicaCheck two = new ReplicaCheck(vertx, line(primary), 2, condition);
        try {
            one.start();
            await().atMost(Duration.ofSeconds(15)).until(() -> condition.fault().isEmpty());
            one.stop();
            two.start();
            untilFault("1 of 2 replicas");
            replica.kill9();
            untilFault("0 of 2 replicas");
        } finally {
            two.stop();
            replica.stop();
            primary.stop();
        }
    }

    private void untilFault(String text) {
        await().atMost(Duration.ofSeconds(8))
                .until(() ->
                        condition.fault().map(StoreFault::detail).orElse("").startsWith(text));
        assertThat(condition.fault().orElseThrow().reason()).isEqualTo(Reason.TOO_FEW_REPLICAS);
    }

    @Test
    void countsOnlyReplicasThatConfirmInTime() {
        String info = """
                role:master
                slave0:ip=10.0.0.2,port=6379,state=online,offset=14,lag=1
                slave1:ip=10.0.0.3,port=6379,state=online,offset=14,lag=9
                slave2:ip=10.0.0.4,port=6379,state=wait_bgsave,offset=0,lag=0
                """;

        assertThat(ReplicaCheck.count(info)).isEqualTo(1);
    }

    @Test
    void refusesAServerOfAClusterWithTheSchemeToUse() {
        RedisProcess member = RedisProcess.start(
                RedisExtension.spec(data).withDirectives("cluster-enabled yes", "cluster-port " + Ports.free()));
        try {
            assertThatThrownBy(
                            () -> new KindCheck(line(member)).run(member.uri()).await())
                    .isInstanceOfSatisfying(
                            GanglionException.class,
                            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.STORE_MISCONFIGURED))
                    .hasMessageContaining("use redis-cluster://")
                    .hasMessageContaining(":" + member.port());
        } finally {
            member.stop();
        }
    }
}
