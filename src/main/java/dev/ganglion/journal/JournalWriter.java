package dev.ganglion.journal;

import dev.ganglion.bus.JournalNote;
import dev.ganglion.protocol.frame.FrameIds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Decides which journal entries a node writes. It merges repeats, so that a storm of connections or a loop of refusals
 * does not become a storm of writes.
 *
 * <p>The writer passes on the first note of a kind at once. It counts repeats within {@link #WINDOW} and writes them as
 * one entry at the end of the window. Connects and closes get an entry each, up to {@link #SEPARATE_ENTRIES} notes of
 * an agent per window. Beyond that, the writer only counts notes by reason.
 *
 * <p>The number of pending entries is bounded. An entry that the store has not accepted after {@link #MAX_WAIT} is
 * dropped. All times are in nanoseconds of the node's {@link dev.ganglion.telemetry.Ticker}. Runs on one context;
 * depends neither on Vert.x nor on the store.
 */
final class JournalWriter {
    /** Time within which repeats are merged. */
    static final Duration WINDOW = Duration.ofSeconds(10);
    /** Time within which repeats of a resend flood are merged. */
    static final Duration FLOOD_WINDOW = Duration.ofSeconds(60);
    /** Largest number of notes of one agent in a window that get an entry each. */
    static final int SEPARATE_ENTRIES = 20;
    /** Largest number of pending entries, and of kinds whose repeats are being merged. */
    static final int MAX_WAITING = 10_000;
    /** Longest time that an entry waits for the store. */
    static final Duration MAX_WAIT = Duration.ofMinutes(5);

    private record MergeKey(String agentId, String name) {}

    /** Repeats that are merged until the end of a window. */
    private static final class Repeats {
        private final long end;
        private long count;
        private JournalNote last;

        private Repeats(JournalNote first, long end) {
            this.last = first;
            this.end = end;
        }
    }

    /** The budget of an agent in a window, and how many notes have used it. */
    private static final class Budget {
        private final long end;
        private int notes;

        private Budget(long end) {
            this.end = end;
        }
    }

    private final Deque<JournalEntry> waiting = new ArrayDeque<>();
    private final Map<MergeKey, Repeats> repeatsByKey = new HashMap<>();
    private final Map<String, Budget> budgets = new HashMap<>();
    private long dropped;

    void offer(JournalNote note) {
        String agentId = note.session().agentId();
        String name = JournalFacts.mergeKey(note);
        Repeats repeats = name.isEmpty() ? null : repeatsByKey.get(new MergeKey(agentId, name));
        if (repeats == null && !withinBudget(agentId, note.notedAt())) {
            name = JournalFacts.mergeKeyWithoutWorker(note);
            repeats = repeatsByKey.get(new MergeKey(agentId, name));
        }
        int count = JournalFacts.occurrences(note);
        if (repeats != null) {
            repeats.count += count;
            repeats.last = note;
        } else if (waiting.size() >= MAX_WAITING || repeatsByKey.size() >= MAX_WAITING) {
            dropped++;
        } else {
            waiting.add(entry(note, name, count));
            if (!name.isEmpty()) {
                startWindow(new MergeKey(agentId, name), note, note.notedAt());
            }
        }
    }

    /** Removes and returns at most {@code most} entries for one call of the store. */
    List<JournalEntry> take(int most, long now) {
        List<JournalEntry> taken = new ArrayList<>();
        while (taken.size() < most && !waiting.isEmpty()) {
            JournalEntry entry = waiting.poll();
            if (now - entry.notedAt() > MAX_WAIT.toNanos()) {
                dropped++;
            } else {
                taken.add(entry);
            }
        }
        return taken;
    }

    /** Puts entries back to the front, marked as retried, after a call without an answer. */
    void giveBack(List<JournalEntry> entries) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            waiting.addFirst(entries.get(i).asRetried());
        }
    }

    /** Closes the windows that have ended. */
    void tick(long now) {
        budgets.values().removeIf(each -> now - each.end >= 0);
        List<Map.Entry<MergeKey, Repeats>> over = new ArrayList<>();
        for (Iterator<Map.Entry<MergeKey, Repeats>> all =
                        repeatsByKey.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<MergeKey, Repeats> each = all.next();
            if (now - each.getValue().end >= 0) {
                over.add(Map.entry(each.getKey(), each.getValue()));
                all.remove();
            }
        }
        for (Map.Entry<MergeKey, Repeats> each : over) {
            Repeats repeats = each.getValue();
            if (repeats.count > 0) {
                waiting.add(entry(repeats.last, each.getKey().name(), repeats.count));
                startWindow(each.getKey(), repeats.last, now);
            }
        }
    }

    /** Closes all windows, because the node stops. */
    void finish() {
        repeatsByKey.forEach((key, repeats) -> {
            if (repeats.count > 0) {
                waiting.add(entry(repeats.last, key.name(), repeats.count));
            }
        });
        repeatsByKey.clear();
    }

    int waiting() {
        return waiting.size();
    }

    /** The number of notes and entries dropped since the last call of this method. */
    long dropped() {
        long since = dropped;
        dropped = 0;
        return since;
    }

    private boolean withinBudget(String agentId, long now) {
        Budget budget = budgets.get(agentId);
        if (budget == null || now - budget.end >= 0) {
            if (budgets.size() >= MAX_WAITING) {
                return false;
            }
            budget = new Budget(now + WINDOW.toNanos());
            budgets.put(agentId, budget);
        }
        return ++budget.notes <= SEPARATE_ENTRIES;
    }

    private void startWindow(MergeKey key, JournalNote note, long now) {
        Duration window = note.fact() instanceof JournalNote.ResendFlood ? FLOOD_WINDOW : WINDOW;
        repeatsByKey.put(key, new Repeats(note, now + window.toNanos()));
    }

    private static JournalEntry entry(JournalNote note, String mergeKey, long count) {
        JournalEntry.Agent agent = new JournalEntry.Agent(
                note.session().projectId(),
                note.session().shard(),
                note.session().agentId());
        return new JournalEntry(
                agent, FrameIds.next(), mergeKey, count, note.notedAt(), false, JournalFacts.text(note));
    }
}
