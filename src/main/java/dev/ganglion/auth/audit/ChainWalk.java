package dev.ganglion.auth.audit;

import dev.ganglion.auth.audit.AuditChain.Link;
import dev.ganglion.auth.audit.AuditStore.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the records of the audit one by one, and collects a fault for each record that does not follow the previous
 * one.
 */
final class ChainWalk {
    /** Largest number of faults that are collected. */
    static final int MAX_FAULTS = 20;

    private final AuditChain chain;
    private final @Nullable Link remembered;
    private final List<String> faults = new ArrayList<>();
    private Link last = Link.START;
    private long count;
    private boolean passed;

    /**
     * Creates a walk.
     *
     * @param remembered a position that was known earlier and must be part of the chain; null for none
     */
    ChainWalk(AuditChain chain, @Nullable Link remembered) {
        this.chain = chain;
        this.remembered = remembered;
    }

    /** Sets the position that the next record must follow. */
    void expectAfter(Link link) {
        last = link;
        passed |= link.equals(remembered);
    }

    void check(List<Entry> entries) {
        entries.forEach(this::check);
    }

    private void check(Entry entry) {
        if (full()) {
            return;
        }
        long seq = entry.link().seq();
        if (seq <= last.seq()) {
            faults.add("a record was inserted after record " + seq);
            return;
        }
        if (seq != last.seq() + 1) {
            faults.add(missing(last.seq() + 1, seq - 1));
        } else if (!chain.holds(last, entry.record(), entry.link().mac())) {
            faults.add("record " + seq + " was changed or replaced");
        }
        count++;
        expectAfter(entry.link());
    }

    static String missing(long from, long to) {
        return from == to ? "record " + from + " is missing" : "records " + from + " to " + to + " are missing";
    }

    void fault(String fault) {
        faults.add(fault);
    }

    boolean full() {
        return faults.size() >= MAX_FAULTS;
    }

    /** The position of the last record that was read. */
    Link last() {
        return last;
    }

    /** Number of records that were read. */
    long count() {
        return count;
    }

    /** Whether the walk passed the remembered position; true if there is none. */
    boolean passedRemembered() {
        return remembered == null || passed;
    }

    List<String> faults() {
        return List.copyOf(faults);
    }
}
