package dev.ganglion.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.lane.LaneCall;
import dev.ganglion.lane.Outcome;
import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.event.RejectedEvent;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreTests;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that rejected events are stored once, in order, and within limits. */
public class RejectedEventsTest extends StoreTests {
    private final RejectedEvents rejectedEvents = new RejectedEvents(store.shared);
    private long seq;

    @BeforeEach
    void givenAnOpenSession() {
        store.one(Given.open(session));
    }

    private InboundFrame batch(String batchId, int good, int bad) {
        return batch(batchId, good, bad, "e");
    }

    private InboundFrame batch(String batchId, int good, int bad, String text) {
        List<RejectedEvent> rejected = new ArrayList<>();
        for (int i = 0; i < bad; i++) {
            rejected.add(new RejectedEvent(i, "kind", "kind must be a string", Json.string(text + i)));
        }
        String[] ids = new String[good];
        for (int i = 0; i < good; i++) {
            ids[i] = Given.id();
        }
        EventArray events = good == 0 ? EventArray.EMPTY : Given.events("x", ids);
        return Given.frame(session, ++seq, new EventBatch(batchId, events, rejected, List.of()));
    }

    private List<JsonObject> all(int limit) {
        List<JsonObject> found = new ArrayList<>();
        String cursor = null;
        do {
            var page = store.await(rejectedEvents.rejectedEvents(session.projectId(), 1, cursor, limit));
            page.items().forEach(item -> found.add(new JsonObject(item.text())));
            cursor = page.nextCursor();
        } while (cursor != null);
        return found;
    }

    @Test
    void listsEventsWithTheirReasonNewestFirst() {
        store.apply(batch("b1", 1, 2), batch("b2", 2, 0), batch("b3", 0, 1));

        List<JsonObject> found = all(2);
        assertThat(found).extracting(letter -> letter.getString("batch_id")).containsExactly("b3", "b1", "b1");
        assertThat(found).extracting(letter -> letter.getString("event")).containsExactly("e0", "e1", "e0");
        assertThat(found.get(1).getString("agent_id")).isEqualTo(session.agentId());
        assertThat(found.get(1).getInteger("index")).isEqualTo(1);
        assertThat(found.get(1).getString("field")).isEqualTo("kind");
        assertThat(found.get(1).getString("reason")).isEqualTo("kind must be a string");
        assertThat(found).extracting(letter -> letter.getString("id")).doesNotHaveDuplicates();
        assertThat(found).allMatch(letter -> letter.getString("received_at").startsWith("20"));
        assertThat(stored()).hasSize(3);
    }

    @Test
    void storesTheEventsOfARepeatedBatchOnce() {
        InboundFrame first = batch("b1", 1, 2);
        assertThat(store.one(first)).isEqualTo(new Outcome.Stored(3, 1, 2, false));

        assertThat(store.again(first)).isEqualTo(new Outcome.Stored(3, 1, 2, false));
        assertThat(store.one(batch("b1", 1, 2))).isEqualTo(new Outcome.Stored(3, 1, 2, true));
        assertThat(all(50)).hasSize(2);
    }

    @Test
    void skipsTheEventsOfAKnownBatch() {
        store.one(batch("b1", 0, 1, "first"));

        store.apply(batch("b1", 0, 3, "repeated"), batch("b2", 0, 1, "second"), batch("b3", 1, 0));

        assertThat(all(50)).extracting(letter -> letter.getString("event")).containsExactly("second0", "first0");
    }

    @Test
    void storesNoneOfAFencedSession() {
        store.one(Given.open(Given.next(session)));

        assertThat(store.one(batch("b1", 1, 1))).isEqualTo(new Outcome.Fenced(true));
        assertThat(all(50)).isEmpty();
    }

    @Test
    void keepsAHundredOfABatchAndCountsTheRest() {
        store.one(batch("b1", 0, 250));

        List<JsonObject> found = all(500);
        assertThat(found).hasSize(100);
        assertThat(found.get(0).getInteger("omitted")).isEqualTo(150);
        assertThat(found.subList(1, 100)).allMatch(letter -> letter.getInteger("omitted") == 0);
    }

    @Test
    void removesTheOldestBeyondTheNumberLimit() {
        List<LaneCall> entries = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            entries.add(new LaneCall(batch("b" + i, 0, 100), false, 1));
        }
        store.apply(entries);

        assertThat(redis.call("XLEN", shard().deadLetters())).isEqualTo("1000");
        assertThat(all(500).get(999).getString("batch_id")).isEqualTo("b2");
        assertBytesAreCounted();
    }

    @Test
    void removesTheOldestBeyondTheByteLimit() {
        List<LaneCall> entries = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            entries.add(new LaneCall(batch("b" + i, 0, 100, "x".repeat(6_000)), false, 1));
        }
        store.apply(entries);

        long bytes = Long.parseLong(redis.call("HGET", shard().totals(), "letters"));
        assertThat(bytes)
                .isLessThanOrEqualTo(RejectedEvents.MAX_BYTES)
                .isGreaterThan(RejectedEvents.MAX_BYTES - 12_000);
        assertThat(all(500).get(0).getString("batch_id")).isEqualTo("b14");
        assertBytesAreCounted();
    }

    private void assertBytesAreCounted() {
        long bytes = redis.call("XRANGE", shard().deadLetters(), "-", "+")
                .lines()
                .filter(line -> line.startsWith("\""))
                .mapToLong(String::length)
                .sum();
        assertThat(redis.call("HGET", shard().totals(), "letters")).isEqualTo(String.valueOf(bytes));
    }

    @Test
    void acceptedBatchesWriteNoRejectedEvents() {
        store.apply(batch("b1", 1, 0), batch("b2", 2, 0));

        assertThat(redis.call("EXISTS", shard().deadLetters())).isEqualTo("0");
        assertThat(redis.call("HKEYS", shard().totals())).isEqualTo("bytes");
        assertThat(all(50)).isEqualTo(Collections.emptyList());
    }
}
