package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.LaneCall;
import dev.ganglion.lane.Outcome.Fenced;
import dev.ganglion.lane.Outcome.Replayed;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.StoreTuning;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests where payloads are stored, and that no payload remains of a batch that was not stored. */
public class PayloadKeysTest extends StoreTests {
    private static final int LARGE = StoreTuning.INLINE_BYTES + 1;

    @BeforeEach
    void givenAnOpenSession() {
        store.one(Given.open(session));
    }

    @AfterEach
    void assertThatTheStreamNamesEveryPayload() {
        assertThat(store.orphans(shard())).isEmpty();
        for (String key : store.keys(":payload:" + session.sessionId())) {
            assertThat(Long.parseLong(redis.call("PTTL", key)))
                    .isBetween(
                            StoreFixture.TUNING.retentionAge().minusMinutes(1).toMillis(),
                            StoreFixture.TUNING.retentionAge().toMillis());
        }
    }

    private Set<String> payloadsOf(int seq) {
        return store.keys(":payload:" + session.sessionId() + ":" + seq + ":");
    }

    private String totals() {
        return redis.call("HGET", shard().totals(), "bytes");
    }

    @Test
    void storesSmallPayloadsInTheStreamAndLargeOnesUnderAKey() {
        String small = Given.id();
        String large = Given.id();

        store.one(Given.sized(session, 1, small, StoreTuning.INLINE_BYTES));
        assertThat(store.keys(":payload:" + session.sessionId())).isEmpty();
        store.one(Given.sized(session, 2, large, LARGE));

        assertThat(payloadsOf(1)).isEmpty();
        assertThat(payloadsOf(2)).hasSize(1);
        assertThat(stored()).containsExactly(large, small);
        assertThat(totals()).isEqualTo(String.valueOf(StoreTuning.INLINE_BYTES + LARGE));
    }

    @Test
    void storesAKnownOrRetriedLargeBatchOnce() {
        InboundFrame batch = Given.sized(session, 1, Given.id(), LARGE);
        store.one(batch);

        assertThat(store.again(batch)).isEqualTo(stored(1, false));
        InboundFrame duplicate = Given.frame(session, 2, batch.frame());
        assertThat(store.one(duplicate)).isEqualTo(stored(1, true));
        assertThat(store.again(duplicate)).isEqualTo(stored(1, true));

        assertThat(stored()).hasSize(1);
        assertThat(totals()).isEqualTo(String.valueOf(LARGE));
        assertThat(store.keys(session.sessionId())).isEqualTo(payloadsOf(1)).hasSize(1);
    }

    @Test
    void deletesThePayloadOfAFencedOrReplayedBatch() {
        store.one(Given.heartbeat(session, 5));
        assertThat(store.one(Given.sized(session, 5, Given.id(), LARGE))).isEqualTo(new Replayed());
        store.one(Given.open(Given.next(session)));
        assertThat(store.one(Given.sized(session, 6, Given.id(), LARGE))).isEqualTo(new Fenced(true));
        SessionRef unopened = Given.worker(session, "unopened");
        assertThat(store.one(Given.sized(unopened, 1, Given.id(), LARGE))).isEqualTo(new Fenced(false));

        assertThat(stored()).isEmpty();
        assertThat(store.keys(":payload:" + session.sessionId())).isEmpty();
    }

    @Test
    void keepsOnlyThePayloadsOfStoredBatchesInAGroup() {
        String first = Given.id();
        String second = Given.id();
        InboundFrame batch = Given.sized(session, 1, first, LARGE);
        SessionRef unopened = Given.worker(session, "unopened");

        var outcomes = store.apply(
                batch,
                Given.frame(session, 2, batch.frame()),
                Given.sized(session, 2, Given.id(), LARGE),
                Given.sized(unopened, 1, Given.id(), LARGE),
                Given.batch(session, 3, "small", second));

        assertThat(outcomes)
                .containsExactly(
                        stored(1, false), stored(1, true), new Replayed(), new Fenced(false), stored(1, false));
        assertThat(stored()).containsExactly(second, first);
    }

    @Test
    void retryingAWholeGroupChangesNothing() {
        InboundFrame batch = Given.sized(session, 1, Given.id(), LARGE);
        List<LaneCall> group = List.of(
                new LaneCall(batch, false, 1),
                new LaneCall(Given.heartbeat(session, 2), false, 1),
                new LaneCall(Given.frame(session, 3, batch.frame()), false, 1),
                new LaneCall(Given.sized(session, 4, Given.id(), LARGE), false, 1));
        var outcomes = store.apply(group);

        assertThat(store.apply(group.stream().map(LaneCall::again).toList())).isEqualTo(outcomes);
        assertThat(stored()).hasSize(2);
        assertThat(totals()).isEqualTo(String.valueOf(2 * LARGE));
    }

    @Test
    void rejectsABatchWhosePayloadIsMissing() {
        String agent = session.agentId();
        List<String> call = List.of(
                "EVAL",
                Script.INGEST.source(),
                "6",
                shard().events(),
                shard().totals(),
                shard().sessions(session),
                shard().answers(agent),
                shard().answersOrder(agent),
                shard().payload(session.sessionId(), 1, "missing"),
                "15000",
                "3600000",
                "10000",
                "86400000",
                agent,
                session.workerId(),
                session.sessionId(),
                "1",
                "0",
                "0123456789abcdef",
                "1|1|0",
                "3000",
                "");

        assertThatThrownBy(() -> redis.call(call.toArray(String[]::new)))
                .hasMessageContaining("the payload of a batch is missing");

        assertThat(redis.call("EXISTS", shard().events(), shard().answers(agent), shard().answersOrder(agent)))
                .isEqualTo("0");
        assertThat(store.one(Given.sized(session, 1, Given.id(), LARGE))).isEqualTo(stored(1, false));
    }
}
