package dev.ganglion.auth.audit;

import dev.ganglion.auth.audit.AuditChain.End;
import dev.ganglion.auth.audit.AuditChain.Link;
import dev.ganglion.auth.audit.AuditStore.Ends;
import dev.ganglion.auth.audit.AuditStore.Entry;
import dev.ganglion.auth.audit.AuditStore.Sealed;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the chain from its oldest record to its head. Records may be appended and trimmed during the check. Use an
 * instance once.
 */
public final class AuditVerifier {
    /** Largest number of faults that a check reports; the check ends when it reaches this number. */
    public static final int MAX_FAULTS = ChainWalk.MAX_FAULTS;

    private static final int CHUNK = 500;
    private static final int MAX_WAITS = 20;

    private final AuditStore store;
    private final AuditChain chain;
    private final @Nullable Link remembered;
    private final ChainWalk walk;
    private long first;

    /**
     * Creates a check.
     *
     * @param remembered a head that was printed earlier and must be part of the chain; null for none
     */
    public AuditVerifier(AuditStore store, AuditChain chain, @Nullable Link remembered) {
        this.store = store;
        this.chain = chain;
        this.remembered = remembered;
        this.walk = new ChainWalk(chain, remembered);
    }

    /**
     * The result of a check.
     *
     * @param records number of records
     * @param first number of the oldest record
     * @param head head of the chain
     * @param faults descriptions of the faults; empty if the chain is intact
     */
    public record Report(long records, long first, Link head, List<String> faults) {}

    /** Checks the whole chain. Fails if the store is unavailable. */
    public Future<Report> verify() {
        return store.ends().compose(ends -> {
            Sealed anchor = ends.anchor();
            if (anchor.link().seq() > 0 && !chain.isSealed(End.ANCHOR, anchor.link(), anchor.seal())) {
                walk.fault("the mark of the start of the audit (after record "
                        + anchor.link().seq() + ") was changed");
            }
            return from(anchor.link(), 0);
        });
    }

    private Future<Report> from(Link anchor, int waits) {
        walk.expectAfter(anchor);
        first = anchor.seq() + 1;
        return walk(waits);
    }

    private Future<Report> walk(int waits) {
        return store.entriesFrom(walk.last().seq() + 1, CHUNK).compose(entries -> {
            if (walk.count() == 0 && !entries.isEmpty() && entries.get(0).link().seq() > first) {
                return begin(entries, waits);
            }
            walk.check(entries);
            return entries.isEmpty() ? end(waits) : walk.full() ? report() : walk(0);
        });
    }

    /**
     * Handles missing oldest records: either they were trimmed after the check read the anchor, or they were removed.
     */
    private Future<Report> begin(List<Entry> entries, int waits) {
        return store.ends().compose(ends -> {
            if (ends.anchor().link().seq() > walk.last().seq() && waits < MAX_WAITS) {
                return from(ends.anchor().link(), waits + 1);
            }
            walk.check(entries);
            return walk(0);
        });
    }

    /**
     * Reads the marked head after the last entry. A later head means that records were appended meanwhile, or that
     * records at the end are missing.
     */
    private Future<Report> end(int waits) {
        return store.ends().compose(ends -> {
            long head = ends.head().link().seq();
            if (head > walk.last().seq() && waits == 0) {
                return walk(1);
            }
            endsWith(ends);
            return report();
        });
    }

    private void endsWith(Ends ends) {
        Link head = ends.head().link();
        if (ends.lacksMarks() && walk.count() > 0) {
            walk.fault("the marks of both ends are missing; if Redis lost them, run `ganglion audit repair`");
        }
        if (head.seq() > walk.last().seq()) {
            walk.fault(ChainWalk.missing(walk.last().seq() + 1, head.seq()) + " at the end");
        } else if (!head.equals(walk.last())) {
            walk.fault(
                    head.seq() < walk.last().seq()
                            ? "records " + (head.seq() + 1) + " to "
                                    + walk.last().seq() + " were added after the end of the chain"
                            : "record " + walk.last().seq() + " differs from the marked end of the chain");
        }
        if (head.seq() > 0 && !chain.isSealed(End.HEAD, head, ends.head().seal())) {
            walk.fault("the mark of the end of the audit (record " + head.seq() + ") was changed");
        }
        if (remembered != null && !walk.passedRemembered()) {
            walk.fault(
                    remembered.seq() < first - 1
                            ? "record " + remembered.seq() + ", the given head, was trimmed since"
                            : "the chain does not contain the given head, record " + remembered.seq());
        }
    }

    private Future<Report> report() {
        return Future.succeededFuture(new Report(walk.count(), first, walk.last(), walk.faults()));
    }
}
