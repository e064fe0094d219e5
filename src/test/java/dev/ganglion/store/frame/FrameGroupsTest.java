package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.LaneCall;
import dev.ganglion.lane.Outcome;
import dev.ganglion.lane.Outcome.Applied;
import dev.ganglion.lane.Outcome.CapReached;
import dev.ganglion.lane.Outcome.Closed;
import dev.ganglion.lane.Outcome.Fenced;
import dev.ganglion.lane.Outcome.Opened;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.StoreTuning;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests messages of many sessions and kinds in one call to the store, also when Redis refuses some of them. */
public class FrameGroupsTest extends StoreTests {
    private static final int LARGE = StoreTuning.INLINE_BYTES + 1;

    @Test
    void appliesMessagesOfSeveralShardsAndKindsInOneCall() {
        SessionRef other = Given.session(redis.uri());
        SessionRef third = Given.worker(session, "third");

        List<Outcome> outcomes = store.apply(
                Given.open(session),
                Given.open(other),
                Given.batch(session, 1, "b", Given.id()),
                Given.sized(other, 1, Given.id(), LARGE),
                Given.sized(session, 2, Given.id(), LARGE),
                Given.heartbeat(other, 2),
                Given.batch(other, 3, "b", Given.id()),
                Given.registry(session, 3, List.of("t"), List.of()),
                Given.open(third, 1),
                Given.close(other),
                Given.batch(other, 4, "c", Given.id()),
                Given.batch(session, 4, "b", Given.id()));

        assertThat(outcomes)
                .containsExactly(
                        new Opened(1, null, null, 1),
                        new Opened(1, null, null, 1),
                        stored(1, false),
                        stored(1, false),
                        stored(1, false),
                        new Applied(),
                        stored(1, false),
                        new Applied(),
                        new CapReached(false),
                        new Closed(true, null, 0),
                        new Fenced(false),
                        stored(1, true));
        assertThat(stored()).hasSize(2);
        assertThat(store.storedIds(other.projectId(), 1)).hasSize(2);
        assertThat(store.orphans(shard())).isEmpty();
    }

    @Test
    void storesAFullGroupOfLargeBatchesOfDifferentProjects() {
        List<SessionRef> sessions = new ArrayList<>();
        List<LaneCall> opens = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            SessionRef each = Given.session(redis.uri());
            sessions.add(each);
            opens.add(new LaneCall(Given.open(each), false, 1));
        }
        store.apply(opens);
        List<Future<List<Outcome>>> groups = new ArrayList<>();
        for (int group = 1; group <= 4; group++) {
            List<LaneCall> entries = new ArrayList<>();
            for (SessionRef each : sessions) {
                entries.add(new LaneCall(Given.sized(each, group, Given.id(), LARGE), false, 1));
            }
            groups.add(store.start(entries));
        }

        for (Future<List<Outcome>> group : groups) {
            assertThat(store.await(group)).hasSize(128).containsOnly(stored(1, false));
        }
    }

    @Test
    void reloadsScriptsThatRedisLost() {
        store.one(Given.open(session));
        InboundFrame small = Given.batch(session, 1, "small", Given.id());
        InboundFrame large = Given.sized(session, 2, Given.id(), LARGE);
        for (InboundFrame batch : List.of(small, large)) {
            redis.call("SCRIPT", "FLUSH");

            assertThat(applyUntilAnswered(batch)).isEqualTo(stored(1, false));
        }
        assertThat(stored()).hasSize(2);
        // The transaction with the unknown script has written its payload, which expires by itself.
        assertThat(store.orphans(shard()))
                .hasSize(1)
                .allSatisfy(key ->
                        assertThat(Long.parseLong(redis.call("PTTL", key))).isBetween(1L, 60_000L));
    }

    /** Retries as the lane does. */
    private Outcome applyUntilAnswered(InboundFrame message) {
        boolean[] retried = {false};
        return await().atMost(Duration.ofSeconds(5))
                .ignoreExceptions()
                .until(() -> store.apply(List.of(tried(message, retried))).get(0), outcome -> true);
    }

    private static LaneCall tried(InboundFrame message, boolean[] retried) {
        LaneCall entry = new LaneCall(message, retried[0], 1);
        retried[0] = true;
        return entry;
    }

    @Test
    void retriesSucceedAfterAFullRedisHasRoomAgain() {
        store.one(Given.open(session));
        InboundFrame small = Given.batch(session, 1, "small", Given.id());
        InboundFrame large = Given.sized(session, 2, Given.id(), LARGE);
        redis.call("CONFIG", "SET", "maxmemory", "1");
        try {
            for (InboundFrame batch : List.of(small, large)) {
                assertThatThrownBy(() -> store.apply(batch))
                        .isInstanceOf(GanglionException.class)
                        .extracting(failure -> ((GanglionException) failure).errorCode())
                        .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                await().until(store.line::available);
            }
        } finally {
            redis.call("CONFIG", "SET", "maxmemory", "0");
        }

        assertThat(stored()).isEmpty();
        assertThat(store.again(small)).isEqualTo(stored(1, false));
        assertThat(store.again(large)).isEqualTo(stored(1, false));
        assertThat(store.orphans(shard())).isEmpty();
    }

    @Test
    void storesARetriedBatchAlthoughALaterFrameWasApplied() {
        store.one(Given.open(session));
        store.one(Given.heartbeat(session, 2));

        assertThat(store.again(Given.batch(session, 1, "b", Given.id()))).isEqualTo(stored(1, false));

        assertThat(stored()).hasSize(1);
        assertThat(slotOf(session)).as("the last seq stays").contains("|2|");
    }
}
