package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ProjectionSlice.StoredBatch;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.projection.RedisEventStreams;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that compressed batches are stored small, and read like the batches of version 0.1 beside them. */
class BatchCompressionTest extends StoreTests {
    private static final int SIZE = 60_000;

    private static StoreFixture compressing;

    @BeforeAll
    static void connectCompressing() {
        compressing = StoreFixture.compressing(redis.uri(), 1_024);
    }

    @AfterAll
    static void closeCompressing() {
        compressing.close();
    }

    @BeforeEach
    void givenAnOpenSession() {
        store.one(Given.open(session));
    }

    private List<StoredBatch> ahead() {
        RedisEventStreams streams = new RedisEventStreams(store.shared);
        return store.await(streams.read(session.projectId(), 0, ProjectionPosition.START))
                .batches();
    }

    @Test
    void storesALargeBatchSmallInTheStream() {
        compressing.one(Given.sized(session, 1, Given.id(), SIZE));

        assertThat(store.keys(":payload:" + session.sessionId())).isEmpty();
        assertThat(Long.parseLong(redis.call("HGET", shard().totals(), "bytes")))
                .as("bytes that the retention counts")
                .isLessThan(SIZE / 10);
        assertThat(redis.call("XRANGE", shard().events(), "-", "+").lines()).contains("r", String.valueOf(SIZE));
    }

    @Test
    void readsCompressedBatchesBesideThoseOfVersion01() {
        String old = Given.id();
        String compressed = Given.id();
        String small = Given.id();

        store.one(Given.sized(session, 1, old, SIZE)); // version 0.1 stored batches as they are
        compressing.one(Given.sized(session, 2, compressed, SIZE));
        compressing.one(Given.sized(session, 3, small, 500));

        assertThat(stored()).containsExactly(small, compressed, old);
        List<StoredBatch> batches = ahead();
        assertThat(batches).extracting(StoredBatch::events).doesNotContainNull();
        assertThat(batches)
                .extracting(batch -> Objects.requireNonNull(batch.events()))
                .extracting(Json::size)
                .containsExactly(SIZE, SIZE, 500);
        assertThat(batches.get(1).bytes()).isLessThan(SIZE / 10);
        assertThat(batches.get(2).upTo())
                .isEqualTo(batches.stream().mapToLong(StoredBatch::bytes).sum());
    }

    @Test
    void aDamagedBatchHidesNoOther() {
        String before = Given.id();
        String after = Given.id();
        compressing.one(Given.sized(session, 1, before, SIZE));
        redis.call(
                "XADD", shard().events(), "*", "a", session.agentId(), "c", "1", "s", "5", "e", "bytes", "r", "1000");
        compressing.one(Given.sized(session, 2, after, SIZE));

        assertThat(stored()).containsExactly(after, before);
        assertThat(ahead()).extracting(batch -> batch.events() != null).containsExactly(true, false, true);
    }

    @Test
    void answersARepeatedCompressedBatchFromMemory() {
        var batch = Given.sized(session, 1, Given.id(), SIZE);
        compressing.one(batch);

        assertThat(compressing.again(batch)).isEqualTo(stored(1, false));
        assertThat(compressing.one(Given.frame(session, 2, batch.frame()))).isEqualTo(stored(1, true));
        assertThat(stored()).hasSize(1);
    }
}
