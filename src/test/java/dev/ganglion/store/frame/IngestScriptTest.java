package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.Outcome.Fenced;
import dev.ganglion.lane.Outcome.Replayed;
import dev.ganglion.lane.Outcome.Stored;
import dev.ganglion.protocol.event.RejectedEvent;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.Slot;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests every possible outcome of storing a batch of events. */
public class IngestScriptTest extends StoreTests {
    @BeforeEach
    void givenAnOpenSession() {
        store.one(Given.open(session));
    }

    @Test
    void storesANewBatchAndReadsItNewestFirst() {
        String first = Given.id();
        String second = Given.id();

        assertThat(store.one(Given.batch(session, 1, "b1", first, second))).isEqualTo(stored(2, false));
        assertThat(stored()).containsExactly(second, first);
    }

    @Test
    void answersABatchWithoutAcceptedEventsAndStoresNothing() {
        EventBatch bad = new EventBatch(
                "b", Given.events("x"), List.of(new RejectedEvent(0, "kind", "is missing", Json.NULL)), List.of());

        assertThat(store.one(Given.frame(session, 1, bad))).isEqualTo(new Stored(1, 0, 1, false));
        assertThat(store.one(Given.frame(session, 2, bad))).isEqualTo(new Stored(1, 0, 1, true));
        assertThat(stored()).isEmpty();
    }

    @Test
    void answersOurOwnRetryOfAStoredBatchAsStored() {
        InboundFrame batch = Given.batch(session, 7, "b", Given.id());
        store.one(batch);

        assertThat(store.again(batch)).isEqualTo(stored(1, false));
        assertThat(store.again(batch)).isEqualTo(stored(1, false));
        assertThat(stored()).hasSize(1);
    }

    @Test
    void storesOurOwnRetryOfABatchThatNeverArrived() {
        assertThat(store.again(Given.batch(session, 1, "b", Given.id()))).isEqualTo(stored(1, false));
        assertThat(stored()).hasSize(1);
    }

    @Test
    void answersOurOwnRetryOfADuplicateAsKnown() {
        String event = Given.id();
        store.one(Given.batch(session, 1, "b", event));
        InboundFrame duplicate = Given.batch(session, 2, "b", event);
        assertThat(store.one(duplicate)).isEqualTo(stored(1, true));

        assertThat(store.again(duplicate)).isEqualTo(stored(1, true));
        assertThat(stored()).containsExactly(event);
    }

    @Test
    void rejectsASeqThatDoesNotGrowAsAReplay() {
        store.one(Given.batch(session, 5, "b1", Given.id()));

        assertThat(store.one(Given.batch(session, 5, "b2", Given.id()))).isEqualTo(new Replayed());
        assertThat(store.one(Given.batch(session, 4, "b3", Given.id()))).isEqualTo(new Replayed());
        assertThat(store.one(Given.batch(session, 4, "b1", Given.id()))).isEqualTo(new Replayed());
        assertThat(stored()).hasSize(1);
        assertThat(store.one(Given.batch(session, 6, "b2", Given.id()))).isEqualTo(stored(1, false));
    }

    @Test
    void checksFramesOfOneCallAgainstEachOther() {
        SessionRef worker = Given.worker(session, "w");
        store.one(Given.open(worker));

        assertThat(store.apply(
                        Given.batch(session, 1, "b1", Given.id()),
                        Given.batch(worker, 7, "w1", Given.id()),
                        Given.batch(session, 1, "b2", Given.id()),
                        Given.batch(session, 3, "b1", Given.id()),
                        Given.batch(session, 2, "b3", Given.id()),
                        Given.batch(worker, 8, "b1", Given.id())))
                .containsExactly(
                        stored(1, false),
                        stored(1, false),
                        new Replayed(),
                        stored(1, true),
                        new Replayed(),
                        stored(1, true));

        assertThat(slotOf(session)).contains("|3|");
        assertThat(slotOf(worker)).contains("|8|");
        assertThat(stored()).hasSize(2);
    }

    @Test
    void countsOnlyTheBytesOfStoredBatches() {
        store.one(Given.batch(session, 1, "b1", Given.id()));
        long each = bytes();

        assertThat(store.apply(
                        Given.batch(session, 1, "b2", Given.id()),
                        Given.batch(session, 2, "b3", Given.id()),
                        Given.batch(session, 3, "b3", Given.id()),
                        Given.batch(session, 4, "b4", Given.id()),
                        Given.batch(session, 4, "b5", Given.id())))
                .containsExactly(new Replayed(), stored(1, false), stored(1, true), stored(1, false), new Replayed());
        assertThat(bytes()).isEqualTo(3 * each);
        for (int kept = 1; kept <= 3; kept++) {
            assertThat(redis.call("XRANGE", shard().events(), "-", "+", "COUNT", String.valueOf(kept)))
                    .contains(String.valueOf(kept * each));
        }
        store.one(Given.batch(session, 5, "b6", Given.id()));
        assertThat(bytes()).isEqualTo(4 * each);
    }

    private long bytes() {
        return Long.parseLong(redis.call("HGET", shard().totals(), "bytes"));
    }

    @Test
    void answersAKnownBatchOfAnEarlierSessionAndAdvancesTheSeq() {
        String event = Given.id();
        store.one(Given.batch(session, 9, "b", event));
        SessionRef next = Given.next(session);
        store.one(Given.open(next));

        assertThat(store.one(Given.batch(next, 3, "b", event, Given.id()))).isEqualTo(stored(1, true));

        assertThat(stored()).containsExactly(event);
        assertThat(store.one(Given.batch(next, 3, "c", Given.id()))).isEqualTo(new Replayed());
        assertThat(store.one(Given.batch(next, 4, "c", Given.id()))).isEqualTo(stored(1, false));
    }

    @Test
    void twoAgentsMayUseTheSameBatchId() {
        SessionRef other = Given.session(redis.uri(), session.projectId(), Given.id());
        store.one(Given.open(other));

        assertThat(store.apply(Given.batch(session, 1, "b", Given.id()), Given.batch(other, 1, "b", Given.id())))
                .containsExactly(stored(1, false), stored(1, false));
        assertThat(stored()).hasSize(2);
    }

    @Test
    void fencesKnownBatchesAndReplaysIfAnotherSessionHoldsTheSlot() {
        InboundFrame known = Given.batch(session, 1, "b", Given.id());
        store.one(known);
        store.one(Given.open(Given.next(session)));

        assertThat(store.again(known)).isEqualTo(new Fenced(true));
        assertThat(store.one(Given.batch(session, 1, "c", Given.id()))).isEqualTo(new Fenced(true));
        assertThat(store.one(Given.batch(session, 2, "c", Given.id()))).isEqualTo(new Fenced(true));
        assertThat(stored()).hasSize(1);
    }

    @Test
    void fencesIfNoSessionHoldsTheSlot() {
        store.one(Given.close(session));

        assertThat(store.one(Given.batch(session, 1, "b", Given.id()))).isEqualTo(new Fenced(false));
        assertThat(stored()).isEmpty();
    }

    @Test
    void fencesARetryAfterATakeoverAndAnswersTheNextSession() {
        InboundFrame lost = Given.batch(session, 1, "b", Given.id());
        store.one(lost);
        SessionRef next = Given.next(session);
        store.one(Given.open(next));

        assertThat(store.again(lost)).isEqualTo(new Fenced(true));
        assertThat(store.one(Given.batch(next, 1, "b", Given.id()))).isEqualTo(stored(1, true));
    }

    @Test
    void handlesTheGreatestSeqExactly() {
        long greatest = (1L << 53) - 1;

        assertThat(store.one(Given.batch(session, greatest - 1, "b1", Given.id())))
                .isEqualTo(stored(1, false));
        assertThat(store.one(Given.batch(session, greatest - 1, "b2", Given.id())))
                .isEqualTo(new Replayed());
        assertThat(store.one(Given.batch(session, greatest, "b2", Given.id()))).isEqualTo(stored(1, false));
        assertThat(store.one(Given.heartbeat(session, greatest))).isEqualTo(new Replayed());
        assertThat(slotOf(session)).contains("|" + greatest + "|");
    }

    @Test
    void renewsAnExpiredLeaseThatNoOtherSessionTook() {
        endLease(session);

        assertThat(store.one(Given.batch(session, 1, "b", Given.id()))).isEqualTo(stored(1, false));

        long now = Long.parseLong(redis.call("TIME").lines().findFirst().orElseThrow()) * 1000;
        assertThat(Slot.parse(slotOf(session)).leaseEnd().toEpochMilli())
                .isBetween(
                        now + 100_000, now + 1_000 + StoreFixture.TUNING.lease().toMillis());
    }
}
