package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.StoreTuning;
import dev.ganglion.store.redis.StoreTuning.BatchMemory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests how long and how many batches are remembered. */
public class BatchMemoryTest extends StoreTests {
    private StoreFixture remembering(BatchMemory memory) {
        StoreTuning usual = StoreFixture.TUNING;
        StoreFixture fixture = StoreFixture.on(
                redis.uri(), new StoreTuning(usual.lease(), usual.retentionAge(), usual.retentionBytes(), 0, memory));
        fixture.one(Given.open(session));
        return fixture;
    }

    @Test
    void remembersTenThousandBatchesForAnHourByDefault() {
        assertThat(StoreTuning.BATCH_MEMORY).isEqualTo(new BatchMemory(Duration.ofHours(1), 10_000));
    }

    @Test
    void remembersOnlyTheLastBatchesOfAnAgent() {
        try (StoreFixture few = remembering(new BatchMemory(Duration.ofHours(1), 5))) {
            for (int i = 1; i <= 6; i++) {
                few.one(Given.batch(session, i, "b" + i, Given.id()));
            }

            assertThat(redis.call("HLEN", shard().answers(session.agentId()))).isEqualTo("5");
            assertThat(redis.call("LLEN", shard().answersOrder(session.agentId())))
                    .isEqualTo("5");
            assertThat(few.one(Given.batch(session, 7, "b2", Given.id()))).isEqualTo(stored(1, true));
            assertThat(few.one(Given.batch(session, 8, "b1", Given.id()))).isEqualTo(stored(1, false));
        }
    }

    @Test
    void remembersTheLastBatchesOfALargeCall() {
        try (StoreFixture few = remembering(new BatchMemory(Duration.ofHours(1), 5))) {
            InboundFrame[] batches = new InboundFrame[8];
            for (int i = 0; i < batches.length; i++) {
                batches[i] = Given.batch(session, i + 1, "b" + i, Given.id());
            }
            assertThat(few.apply(batches)).hasSize(8).containsOnly(stored(1, false));

            assertThat(redis.call("HLEN", shard().answers(session.agentId()))).isEqualTo("5");
            assertThat(redis.call("LLEN", shard().answersOrder(session.agentId())))
                    .isEqualTo("5");
            assertThat(few.one(Given.batch(session, 9, "b3", Given.id()))).isEqualTo(stored(1, true));
            assertThat(few.one(Given.batch(session, 10, "b2", Given.id()))).isEqualTo(stored(1, false));
        }
    }

    @Test
    void mayExceedALargeLimitByOnePercent() {
        try (StoreFixture many = remembering(new BatchMemory(Duration.ofHours(1), 1_000))) {
            for (int i = 1; i <= 1_010; i++) {
                many.one(Given.batch(session, i, "b" + i, Given.id()));
            }
            assertThat(redis.call("LLEN", shard().answersOrder(session.agentId())))
                    .isEqualTo("1010");
            many.one(Given.batch(session, 1_011, "b1011", Given.id()));

            assertThat(redis.call("HLEN", shard().answers(session.agentId()))).isEqualTo("1000");
            assertThat(redis.call("LLEN", shard().answersOrder(session.agentId())))
                    .isEqualTo("1000");
            assertThat(many.one(Given.batch(session, 1_012, "b12", Given.id()))).isEqualTo(stored(1, true));
            assertThat(many.one(Given.batch(session, 1_013, "b11", Given.id()))).isEqualTo(stored(1, false));
        }
    }

    @Test
    void exceedsTheLimitByAtMost64() {
        try (StoreFixture many = remembering(new BatchMemory(Duration.ofHours(1), 6_500))) {
            for (int call = 0; call < 65; call++) {
                many.apply(batches(100 * call + 1, 100));
            }
            many.apply(batches(6_501, 64));
            assertThat(redis.call("LLEN", shard().answersOrder(session.agentId())))
                    .isEqualTo("6564");
            many.apply(batches(6_565, 1));
            assertThat(redis.call("LLEN", shard().answersOrder(session.agentId())))
                    .isEqualTo("6500");
        }
    }

    private InboundFrame[] batches(int first, int count) {
        InboundFrame[] batches = new InboundFrame[count];
        for (int i = 0; i < count; i++) {
            batches[i] = Given.batch(session, first + i, "b" + (first + i), Given.id());
        }
        return batches;
    }

    /**
     * A version with a larger memory may leave many batches. A script can take only some thousand values from a list.
     */
    @Test
    void forgetsAFewOfManyExcessBatchesWithEachCall() {
        try (StoreFixture many = remembering(new BatchMemory(Duration.ofHours(1), 20_000))) {
            for (int call = 0; call < 90; call++) {
                assertThat(many.apply(batches(100 * call + 1, 100))).containsOnly(stored(1, false));
            }
        }
        try (StoreFixture few = remembering(new BatchMemory(Duration.ofHours(1), 5))) {
            assertThat(few.one(Given.batch(session, 9_001, "new", Given.id()))).isEqualTo(stored(1, false));
            assertThat(few.one(Given.batch(session, 9_002, "new", Given.id()))).isEqualTo(stored(1, true));
            assertThat(redis.call("LLEN", shard().answersOrder(session.agentId())))
                    .isEqualTo("8997");
        }
    }

    @Test
    void forgetsOldBatchesWhenNewOnesArrive() {
        try (StoreFixture brief = remembering(new BatchMemory(Duration.ofMillis(300), 1_000))) {
            for (int i = 1; i <= 20; i++) {
                brief.one(Given.batch(session, i, "old" + i, Given.id()));
            }
            int[] seq = {21};
            await().atMost(Duration.ofSeconds(5)).until(() -> {
                brief.one(Given.batch(session, seq[0], "new" + seq[0], Given.id()));
                seq[0]++;
                return Integer.parseInt(redis.call("HLEN", shard().answers(session.agentId()))) < seq[0] - 20;
            });
            assertThat(brief.one(Given.batch(session, seq[0], "old1", Given.id())))
                    .isEqualTo(stored(1, false));
        }
    }

    @Test
    void renewsTheMemoryWithEachBatch() {
        Duration memory = Duration.ofHours(1);
        try (StoreFixture fixture = remembering(new BatchMemory(memory, 1_000))) {
            for (int i = 1; i <= 2; i++) {
                fixture.one(Given.batch(session, i, "b" + i, Given.id()));
                for (String key :
                        List.of(shard().answers(session.agentId()), shard().answersOrder(session.agentId()))) {
                    assertThat(timeToLive(key)).isGreaterThan(memory.toMillis());
                    redis.call("PEXPIRE", key, String.valueOf(memory.toMillis() / 2));
                }
            }
        }
    }

    private static long timeToLive(String key) {
        return Long.parseLong(redis.call("PTTL", key));
    }

    @Test
    void forgetsAllBatchesOfAnInactiveAgent() {
        try (StoreFixture brief = remembering(new BatchMemory(Duration.ofMillis(200), 1_000))) {
            brief.one(Given.batch(session, 1, "b", Given.id()));

            await().atMost(Duration.ofSeconds(5))
                    .until(() -> brief.keys(session.agentId() + ":answers").isEmpty()
                            && brief.keys(session.agentId() + ":order").isEmpty());
        }
    }
}
