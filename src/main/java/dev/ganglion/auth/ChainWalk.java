package dev.ganglion.auth;

import dev.ganglion.auth.AuditChain.Link;
import dev.ganglion.auth.AuditStore.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows the records of the audit from one to the next, and notes where one does not follow the one before. */
final class ChainWalk {
    /** More faults than these say nothing new. */
    static final int MAX_FAULTS = 20;

    private final AuditChain chain;
    private final @Nullable Link remembered;
    private final List<String> faults = new ArrayList<>();
    private Link last = Link.START;
    private long count;
    private boolean met;

    /** {@code remembered} is a link that was known before, which has to be on the way; null for none. */
    ChainWalk(AuditChain chain, @Nullable Link remembered) {
        this.chain = chain;
        this.remembered = remembered;
    }

    /** The next record has to follow this one. */
    void from(Link link) {
        last = link;
        met |= link.equals(remembered);
    }

    void take(List<Entry> entries) {
        entries.forEach(this::take);
    }

    private void take(Entry entry) {
        if (full()) {
            return;
        }
        long seq = entry.link().seq();
        if (seq <= last.seq()) {
            faults.add("a record was put behind record " + seq);
            return;
        }
        if (seq != last.seq() + 1) {
            faults.add(missing(last.seq() + 1, seq - 1));
        } else if (!chain.holds(last, entry.record(), entry.link().mac())) {
            faults.add("record " + seq + " was changed, or stands where another was");
        }
        count++;
        from(entry.link());
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

    /** The record that was met last. */
    Link last() {
        return last;
    }

    /** Records that were met. */
    long count() {
        return count;
    }

    /** Whether the way leads over what was remembered; also when nothing was. */
    boolean metWhatIsRemembered() {
        return remembered == null || met;
    }

    List<String> faults() {
        return List.copyOf(faults);
    }
}
