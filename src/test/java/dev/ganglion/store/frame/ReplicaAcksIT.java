package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.lane.Outcome;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.StoreTuning;
import dev.ganglion.testing.redis.RedisCalls;
import dev.ganglion.testing.redis.RedisExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the store acknowledges only writes that a replica has, with {@code redis.min-replicas} 1. */
@Timeout(60)
class ReplicaAcksIT {
    @TempDir
    Path primaryData;

    @TempDir
    Path replicaData;

    private RedisProcess primary;
    private RedisProcess replica;
    private StoreFixture store;
    private SessionRef session;

    @BeforeEach
    void givenAPrimaryWithAReplica() {
        primary = RedisProcess.start(RedisExtension.spec(primaryData).withDirectives("repl-diskless-sync-delay 0"));
        replica = RedisProcess.start(RedisExtension.spec(replicaData)
                .withDirectives(
                        "replicaof 127.0.0.1 " + primary.port(),
                        "masterauth " + primary.uri().password().orElseThrow().value()));
        await().atMost(Duration.ofSeconds(15))
                .until(() ->
                        RedisCalls.call(primary.uri(), "INFO", "replication").contains("state=online"));
        StoreTuning usual = StoreFixture.TUNING;
        store = StoreFixture.on(
                primary.uri(),
                new StoreTuning(
                        usual.lease(), usual.retentionAge(), usual.retentionBytes(), 1, StoreTuning.BATCH_MEMORY));
        session = Given.session(primary.uri());
        assertThat(store.one(Given.open(session))).isInstanceOf(Outcome.Opened.class);
    }

    @AfterEach
    void stop() {
        replica.thaw();
        store.close();
        replica.stop();
        primary.stop();
    }

    @Test
    void acknowledgesWhileTheReplicaIsAvailable() {
        for (int seq = 1; seq <= 20; seq++) {
            assertThat(store.one(Given.sized(session, seq, Given.id(), seq * 300)))
                    .isEqualTo(StoreTests.stored(1, false));
        }
        assertThat(RedisCalls.call(
                        replica.uri(), "XLEN", RedisKeys.Shard.of(session).events()))
                .isEqualTo("20");
    }

    @Test
    void acknowledgesNothingWhileTheReplicaIsDown() {
        replica.kill9();
        InboundFrame batch = Given.batch(session, 1, "b", Given.id());
        assertThatThrownBy(() -> store.apply(batch)).isInstanceOf(GanglionException.class);
        assertNeverAckedFor(Duration.ofSeconds(3), batch);

        replica.restart();

        assertAckedOnce(batch);
    }

    @Test
    void acknowledgesNothingWhileTheReplicaIsFrozen() {
        replica.freeze();
        InboundFrame batch = Given.batch(session, 1, "b", Given.id());
        assertThatThrownBy(() -> store.apply(batch)).isInstanceOf(GanglionException.class);
        assertNeverAckedFor(Duration.ofSeconds(4), batch);

        replica.thaw();

        assertAckedOnce(batch);
    }

    private void assertNeverAckedFor(Duration time, InboundFrame batch) {
        await().during(time).atMost(time.plusSeconds(5)).until(() -> !isAcked(batch));
    }

    private void assertAckedOnce(InboundFrame batch) {
        await().atMost(Duration.ofSeconds(15)).until(() -> isAcked(batch));
        assertThat(store.storedIds(session.projectId(), 1)).hasSize(1);
    }

    private boolean isAcked(InboundFrame batch) {
        try {
            return store.again(batch).equals(StoreTests.stored(1, false));
        } catch (GanglionException e) {
            return false;
        }
    }
}
