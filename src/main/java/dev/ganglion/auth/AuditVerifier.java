package dev.ganglion.auth;

import dev.ganglion.auth.AuditChain.End;
import dev.ganglion.auth.AuditChain.Link;
import dev.ganglion.auth.AuditStore.Ends;
import dev.ganglion.auth.AuditStore.Entry;
import dev.ganglion.auth.AuditStore.Sealed;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the chain from its oldest record to its head. Records may be appended, and dropped for space, meanwhile. Used
 * once.
 */
public final class AuditVerifier {
    /** Faults that are told; a walk ends with the last of them. */
    public static final int MAX_FAULTS = ChainWalk.MAX_FAULTS;

    private static final int CHUNK = 500;
    private static final int MAX_WAITS = 20;

    private final AuditStore store;
    private final AuditChain chain;
    private final @Nullable Link remembered;
    private final ChainWalk walk;
    private long first;

    /**
     * A walk.
     *
     * @param remembered a head that was printed before, which has to be in the chain; null for none
     */
    public AuditVerifier(AuditStore store, AuditChain chain, @Nullable Link remembered) {
        this.store = store;
        this.chain = chain;
        this.remembered = remembered;
        this.walk = new ChainWalk(chain, remembered);
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
                walk.fault("the mark of where the audit begins (after record "
                        + anchor.link().seq() + ") was changed");
            }
            return from(anchor.link(), 0);
        });
    }

    private Future<Report> from(Link anchor, int waits) {
        walk.from(anchor);
        first = anchor.seq() + 1;
        return walk(waits);
    }

    private Future<Report> walk(int waits) {
        return store.from(walk.last().seq() + 1, CHUNK).compose(entries -> {
            if (walk.count() == 0 && !entries.isEmpty() && entries.get(0).link().seq() > first) {
                return begin(entries, waits);
            }
            walk.take(entries);
            return entries.isEmpty() ? end(waits) : walk.full() ? report() : walk(0);
        });
    }

    /** The oldest records are gone: dropped for space since the anchor was read, or taken. */
    private Future<Report> begin(List<Entry> entries, int waits) {
        return store.ends().compose(ends -> {
            if (ends.anchor().link().seq() > walk.last().seq() && waits < MAX_WAITS) {
                return from(ends.anchor().link(), waits + 1);
            }
            walk.take(entries);
            return walk(0);
        });
    }

    /** Read after the last entry, so that a head beyond it is of records that came since, or of some that are gone. */
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
        if (ends.unmarked() && walk.count() > 0) {
            walk.fault("the marks of both ends are gone; if Redis lost them, `ganglion audit repair` makes them anew");
        }
        if (head.seq() > walk.last().seq()) {
            walk.fault(ChainWalk.missing(walk.last().seq() + 1, head.seq()) + " at the end");
        } else if (!head.equals(walk.last())) {
            walk.fault(
                    head.seq() < walk.last().seq()
                            ? "records " + (head.seq() + 1) + " to "
                                    + walk.last().seq() + " were put behind the end of the chain"
                            : "record " + walk.last().seq() + " is not the one that the chain ended with");
        }
        if (head.seq() > 0 && !chain.isSealed(End.HEAD, head, ends.head().seal())) {
            walk.fault("the mark of where the audit ends (record " + head.seq() + ") was changed");
        }
        if (remembered != null && !walk.metWhatIsRemembered()) {
            walk.fault(
                    remembered.seq() < first - 1
                            ? "record " + remembered.seq() + ", the head of then, was dropped for space since"
                            : "the chain does not lead over the head of then, record " + remembered.seq());
        }
    }

    private Future<Report> report() {
        return Future.succeededFuture(new Report(walk.count(), first, walk.last(), walk.faults()));
    }
}
