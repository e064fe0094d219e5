package dev.ganglion.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.auth.Project;
import dev.ganglion.journal.Journal;
import dev.ganglion.journal.JournalEntry;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreTests;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalScriptTest extends StoreTests {
    private Journal journal = new RedisJournal(store.shared, Ticker.system());

    @BeforeEach
    void givenAJournal() {
        journal = new RedisJournal(store.shared, Ticker.system());
    }

    private JournalEntry.Agent agent() {
        return new JournalEntry.Agent(session.projectId(), session.shard(), session.agentId());
    }

    private JournalEntry entry(String name, String mergeKey, int count, Duration age) {
        String facts = new JsonObject().put("kind", "connect").put("name", name).encode();
        return new JournalEntry(agent(), Given.id(), mergeKey, count, System.nanoTime() - age.toNanos(), false, facts);
    }

    private JournalEntry entry(String name) {
        return entry(name, "", 1, Duration.ZERO);
    }

    private void append(JournalEntry... entries) {
        Void unused = store.await(journal.append(List.of(entries)));
    }

    private List<JsonObject> all(int limit) {
        List<JsonObject> items = new ArrayList<>();
        String cursor = null;
        do {
            Journal.Page page = store.await(journal.read(agent(), cursor, limit));
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            for (Json item : page.items()) {
                items.add(new JsonObject(item.text()));
            }
            cursor = page.nextCursor();
        } while (cursor != null);
        return items;
    }

    private List<String> names(int limit) {
        return all(limit).stream().map(item -> item.getString("name")).toList();
    }

    @Test
    void pagesThroughEntriesNewestFirst() {
        append(entry("a|1"), entry("b"));
        append(entry("c"), entry("d"), entry("é"));

        for (int limit : new int[] {1, 2, 4, 5, 500}) {
            assertThat(names(limit)).containsExactly("é", "d", "c", "b", "a|1");
        }
    }

    @Test
    void datesEntriesByTheClockOfRedis() {
        append(entry("late", "", 1, Duration.ofMinutes(2)));

        JsonObject item = all(10).get(0);

        Instant time = Instant.parse(item.getString("time"));
        assertThat(time)
                .isBetween(Instant.now().minusSeconds(140), Instant.now().minusSeconds(110));
        assertThat(item.getString("first_time")).isEqualTo(item.getString("time"));
        assertThat(item.getLong("count")).isEqualTo(1);
    }

    @Test
    void countsARepeatedEntryAndMovesItToTheFront() {
        append(entry("first", "key|w", 1, Duration.ofSeconds(60)), entry("between"));
        String id = all(10).get(1).getString("id");
        append(entry("again", "key|w", 41, Duration.ZERO));

        List<JsonObject> items = all(10);

        assertThat(items).hasSize(2);
        assertThat(items.get(0).getString("id")).isEqualTo(id);
        assertThat(items.get(0).getString("name")).isEqualTo("again");
        assertThat(items.get(0).getLong("count")).isEqualTo(42);
        assertThat(Duration.between(
                        Instant.parse(items.get(0).getString("first_time")),
                        Instant.parse(items.get(0).getString("time"))))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(59));
    }

    @Test
    void doesNotMergeOldOrDifferentEntries() {
        append(entry("old", "key", 1, Duration.ofMinutes(6)));
        append(entry("new", "key", 1, Duration.ZERO));
        append(entry("other", "key2", 1, Duration.ZERO), entry("alone"), entry("alone"));

        assertThat(names(10)).containsExactly("alone", "alone", "other", "new", "old");
    }

    @Test
    void addsNothingForARetriedEntry() {
        JournalEntry entry = entry("a");
        append(entry);
        append(new JournalEntry(entry.agent(), entry.id(), "", 1, entry.notedAt(), true, entry.facts()));
        append(new JournalEntry(entry.agent(), Given.id(), "", 1, entry.notedAt(), true, entry.facts()));

        assertThat(all(10)).hasSize(2);
    }

    @Test
    void keepsTheLastEntriesAndEndsAtACursorBeyondThem() {
        append(entry("first"), entry("second"));
        Journal.Page page = store.await(journal.read(agent(), null, 1));
        for (int i = 0; i < Journal.ENTRIES + 50; i++) {
            append(entry("n" + i));
        }

        assertThat(names(500)).hasSize(Journal.ENTRIES).startsWith("n" + (Journal.ENTRIES + 49));
        assertThat(store.await(journal.read(agent(), page.nextCursor(), 10)))
                .isEqualTo(new Journal.Page(List.of(), null));
        assertThatThrownBy(() -> store.await(journal.read(agent(), "not-ours", 10)))
                .isInstanceOf(GanglionException.class);
    }

    @Test
    void deletesTheJournalWithItsAgent() {
        append(entry("a"));
        Project project = new Project(session.projectId(), "test", "Test", null, 1, Instant.now());

        assertThat(store.await(store.agents.delete(project, session.agentId()))).isTrue();
        append(entry("after"));

        assertThat(all(10)).isEmpty();
        assertThat(store.keys(session.agentId())).isEmpty();
    }
}
