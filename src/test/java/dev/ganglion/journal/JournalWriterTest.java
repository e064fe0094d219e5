package dev.ganglion.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.JournalNote.Closed;
import dev.ganglion.bus.JournalNote.Connected;
import dev.ganglion.bus.JournalNote.Ending;
import dev.ganglion.bus.JournalNote.Fact;
import dev.ganglion.bus.JournalNote.Refused;
import dev.ganglion.bus.JournalNote.ResendFlood;
import dev.ganglion.bus.SessionRef;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests which journal entries a node writes, and how it merges repeats. */
class JournalWriterTest {
    private static final Fact CAP = new Refused(new Ending(4429, "cap_reached", "connection cap reached"));
    private static final Fact CONNECTED = new Connected("1.0", "2");

    private final JournalWriter desk = new JournalWriter();
    private long now = -5;

    private void advance(Duration time) {
        now += time.toNanos();
        desk.tick(now);
    }

    private void note(String agentId, String worker, Fact fact) {
        SessionRef session = new SessionRef("p", "slug", 0, agentId, worker, "s", "node", null);
        desk.offer(new JournalNote(session, "192.0.2.1", 7L, fact, now));
    }

    private List<JournalEntry> taken() {
        return desk.take(Integer.MAX_VALUE, now);
    }

    private static JsonObject facts(JournalEntry entry) {
        return new JsonObject(entry.facts());
    }

    @Test
    void writesConnectsAndClosesSeparately() {
        note("a", "w", CONNECTED);
        note("a", "w", new Closed(new Ending(1000, "peer_1000", "the agent closed"), false, 1500, 3));
        note("a", "", CONNECTED);

        List<JournalEntry> entries = taken();

        assertThat(entries).hasSize(3).allMatch(entry -> entry.mergeKey().isEmpty() && entry.count() == 1);
        assertThat(facts(entries.get(0)))
                .isEqualTo(new JsonObject()
                        .put("kind", "connect")
                        .put("node", "node")
                        .put("worker_id", "w")
                        .put("session_id", "s")
                        .put("transport", "websocket")
                        .put("remote_address", "192.0.2.1")
                        .put("clock_skew_ms", 7)
                        .put("agent_version", "1.0")
                        .put("protocol_version", "2"));
        assertThat(facts(entries.get(1)).getString("closed_by")).isEqualTo("agent");
        assertThat(facts(entries.get(1)).getDouble("open_seconds")).isEqualTo(1.5);
        assertThat(facts(entries.get(2)).getValue("worker_id")).isNull();
        assertThat(taken()).isEmpty();
    }

    @Test
    void writesRepeatedRefusalsAtOnceAndThenOncePerWindow() {
        for (int i = 0; i < 1000; i++) {
            note("a", "w", CAP);
        }
        assertThat(taken()).singleElement().matches(entry -> entry.count() == 1);

        advance(JournalWriter.WINDOW);
        assertThat(taken()).singleElement().matches(entry -> entry.count() == 999);

        note("a", "w", CAP);
        assertThat(taken()).as("the next window has not ended").isEmpty();
        advance(JournalWriter.WINDOW);
        assertThat(taken()).singleElement().matches(entry -> entry.count() == 1);
        advance(JournalWriter.WINDOW);
        note("a", "w", CAP);
        assertThat(taken()).as("after a quiet window").hasSize(1);
    }

    @Test
    void countsAStormOfOneAgentByReasonWithoutAffectingOthers() {
        for (int i = 0; i < 1000; i++) {
            note("a", "w" + i, CONNECTED);
            note("a", "w" + i, CAP);
        }
        note("b", "w", CONNECTED);

        assertThat(taken()).hasSize(JournalWriter.SEPARATE_ENTRIES + 2 + 1);
        advance(JournalWriter.WINDOW);
        List<JournalEntry> rest = taken();
        assertThat(rest).hasSize(2);
        assertThat(rest.stream().mapToLong(JournalEntry::count).sum())
                .isEqualTo(2000 - JournalWriter.SEPARATE_ENTRIES - 2);
    }

    @Test
    void writesAResendFloodOnceAMinuteWithItsBatchCount() {
        note("a", "w", new ResendFlood(64));
        advance(Duration.ofSeconds(30));
        note("a", "w", new ResendFlood(64));
        note("a", "w", new ResendFlood(64));
        assertThat(taken()).singleElement().matches(entry -> entry.count() == 64);

        advance(Duration.ofSeconds(30));
        assertThat(taken()).singleElement().matches(entry -> entry.count() == 128);
    }

    @Test
    void retriesUnwrittenEntriesFirstAndDropsThemInTheEnd() {
        note("a", "1", CONNECTED);
        note("a", "2", CONNECTED);
        List<JournalEntry> lost = taken();
        note("a", "3", CONNECTED);
        desk.giveBack(lost);

        List<JournalEntry> again = taken();
        assertThat(again).hasSize(3);
        assertThat(again.get(0)).isEqualTo(lost.get(0).asRetried());
        assertThat(again.get(0).retried()).isTrue();

        desk.giveBack(again);
        advance(JournalWriter.MAX_WAIT.plusSeconds(1));
        assertThat(taken()).isEmpty();
        assertThat(desk.dropped()).isEqualTo(3);
        assertThat(desk.dropped()).isZero();
    }

    @Test
    void limitsThePendingEntries() {
        for (int i = 0; i < 2 * JournalWriter.MAX_WAITING; i++) {
            note("agent-" + i, "w", CONNECTED);
        }
        assertThat(desk.waiting()).isEqualTo(JournalWriter.MAX_WAITING);
        assertThat(desk.dropped()).isPositive();
    }

    @Test
    void writesCountedRepeatsWhenTheNodeStops() {
        note("a", "w", CAP);
        note("a", "w", CAP);
        desk.finish();
        assertThat(taken()).hasSize(2);
    }
}
