package dev.ganglion.auth;

import dev.ganglion.auth.AuditChain.End;
import dev.ganglion.auth.AuditChain.Link;
import dev.ganglion.auth.AuditStore.Ends;
import dev.ganglion.auth.AuditStore.Entry;
import dev.ganglion.auth.AuditStore.Sealed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the chain from its oldest record to its head. Records may be appended, and dropped for space, meanwhile. Used
 * once.
 */
public final class AuditVerifier {
    /** Faults that are told; a walk ends with the last of them. */
    public static final int MAX_FAULTS = 20;

    private static final int CHUNK = 500;
    private static final int MAX_WAITS = 20;

    private final AuditStore store;
    private final AuditChain chain;
    private final @Nullable Link remembered;
    private final List<String> faults = new ArrayList<>();
    private Link last = Link.START;
    private long first;
    private long count;
    private boolean met;

    /**
     * A walk.
     *
     * @param remembered a head that was printed before, which has to be in the chain; null for none
     */
    public AuditVerifier(AuditStore store, AuditChain chain, @Nullable Link remembered) {
        this.store = store;
        this.chain = chain;
        this.remembered = remembered;
    }

    /**
     * What was found.
     *
     * @param records how many records there are
     * @param first the number of the oldest
     * @param head where the chain ends
     * @param faults in words; empty when all is as it was written
     */
    public record Report(long records, long first, Link head, List<String> faults) {}

    /** Walks. Fails when the store does not answer. */
    public Future<Report> verify() {
        return store.ends().compose(ends -> {
            Sealed anchor = ends.anchor();
            if (anchor.link().seq() > 0 && !chain.isSealed(End.ANCHOR, anchor.link(), anchor.seal())) {
                faults.add("the mark of where the audit begins (after record "
                        + anchor.link().seq() + ") was changed");
            }
            last = anchor.link();
            first = last.seq() + 1;
            meet(last);
            return walk(0);
        });
    }

    private Future<Report> walk(int waits) {
        return store.from(last.seq() + 1, CHUNK).compose(entries -> {
            if (count == 0 && !entries.isEmpty() && entries.get(0).link().seq() > first) {
                return begin(entries, waits);
            }
            entries.forEach(this::check);
            return entries.isEmpty() ? end(waits) : faults.size() >= MAX_FAULTS ? report() : walk(0);
        });
    }

    /** The oldest records are gone: dropped for space since the anchor was read, or taken. */
    private Future<Report> begin(List<Entry> entries, int waits) {
        return store.ends().compose(ends -> {
            if (ends.anchor().link().seq() > last.seq() && waits < MAX_WAITS) {
                last = ends.anchor().link();
                first = last.seq() + 1;
                meet(last);
                return walk(waits + 1);
            }
            entries.forEach(this::check);
            return walk(0);
        });
    }

    private void check(Entry entry) {
        if (faults.size() >= MAX_FAULTS) {
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
        last = entry.link();
        meet(last);
    }

    private void meet(Link link) {
        met |= link.equals(remembered);
    }

    /** Read after the last entry, so that a head beyond it is of records that came since, or of some that are gone. */
    private Future<Report> end(int waits) {
        return store.ends().compose(ends -> {
            long head = ends.head().link().seq();
            if (head > last.seq() && waits == 0) {
                return walk(1);
            }
            endsWith(ends);
            return report();
        });
    }

    private void endsWith(Ends ends) {
        Link head = ends.head().link();
        if (ends.unmarked() && count > 0) {
            faults.add("the marks of both ends are gone; if Redis lost them, `ganglion audit repair` makes them anew");
        }
        if (head.seq() > last.seq()) {
            faults.add(missing(last.seq() + 1, head.seq()) + " at the end");
        } else if (!head.equals(last)) {
            faults.add(
                    head.seq() < last.seq()
                            ? "records " + (head.seq() + 1) + " to " + last.seq()
                                    + " were put behind the end of the chain"
                            : "record " + last.seq() + " is not the one that the chain ended with");
        }
        if (head.seq() > 0 && !chain.isSealed(End.HEAD, head, ends.head().seal())) {
            faults.add("the mark of where the audit ends (record " + head.seq() + ") was changed");
        }
        if (remembered != null && !met) {
            faults.add(
                    remembered.seq() < first - 1
                            ? "record " + remembered.seq() + ", the head of then, was dropped for space since"
                            : "the chain does not lead over the head of then, record " + remembered.seq());
        }
    }

    private Future<Report> report() {
        return Future.succeededFuture(new Report(count, first, last, List.copyOf(faults)));
    }

    private static String missing(long from, long to) {
        return from == to ? "record " + from + " is missing" : "records " + from + " to " + to + " are missing";
    }
}
