package dev.ganglion.auth;

import dev.ganglion.auth.AuditChain.End;
import dev.ganglion.auth.AuditChain.Link;
import dev.ganglion.auth.AuditStore.Entry;
import dev.ganglion.auth.AuditStore.Sealed;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Marks both ends of the audit anew after the store has lost the marks, which nothing else repairs: without them no
 * record can be chained, and every change is refused. It does so only if no mark is left at all and each record that
 * there is follows the one before it; and it leaves a record that says so, since whoever can take the marks away can
 * take the last records with them, and the chain alone does not show that. Used once.
 *
 * <p>When the oldest records were dropped for space, the first one that there is cannot be checked: the one before it is
 * known by the lost mark alone. The audit begins behind it then.
 */
public final class AuditRepair {
    private static final int CHUNK = 500;

    private final AuditStore store;
    private final AuditChain chain;
    private final @Nullable Link remembered;
    private final ChainWalk walk;
    private @Nullable Entry first;

    /**
     * A repair.
     *
     * @param remembered a head that was printed before, which has to be in the chain; null for none
     */
    public AuditRepair(AuditStore store, AuditChain chain, @Nullable Link remembered) {
        this.store = store;
        this.chain = chain;
        this.remembered = remembered;
        this.walk = new ChainWalk(chain, remembered);
    }

    /**
     * What came of it.
     *
     * @param records how many there were
     * @param head where the chain ends now; null when nothing was done
     * @param unchecked the record that the audit begins behind now, as it was; null for none
     * @param faults why nothing was done
     */
    public record Report(
            long records, @Nullable Link head, @Nullable Entry unchecked, List<String> faults) {}

    /** Checks all records, and marks the ends if they hold. {@code says} is the record of it. */
    public Future<Report> repair(AuditRecord says) {
        return store.ends().compose(ends -> {
            if (!ends.unmarked()) {
                walk.fault("an end of the chain is marked; only marks that are gone altogether are made anew");
                return report(null);
            }
            return walk().compose(walked -> {
                if (remembered != null && !walk.metWhatIsRemembered()) {
                    walk.fault("the chain does not lead over the head of then, record " + remembered.seq());
                }
                return walk.faults().isEmpty() && records() > 0 ? mark(says) : report(null);
            });
        });
    }

    private Future<Void> walk() {
        return store.from(walk.last().seq() + 1, CHUNK).compose(entries -> {
            boolean begins = walk.count() == 0 && first == null;
            if (begins && !entries.isEmpty() && entries.get(0).link().seq() > 1) {
                first = entries.get(0);
                walk.from(first.link());
                walk.take(entries.subList(1, entries.size()));
            } else {
                walk.take(entries);
            }
            return entries.isEmpty() || walk.full() ? Future.succeededFuture() : walk();
        });
    }

    private long records() {
        return walk.count() + (first == null ? 0 : 1);
    }

    private Future<Report> mark(AuditRecord says) {
        Link anchor = first == null ? Link.START : first.link();
        String text = says.json().encode();
        Link head = chain.next(walk.last(), text);
        AuditStore.Repair repair = new AuditStore.Repair(
                walk.last(),
                new Sealed(anchor, chain.seal(End.ANCHOR, anchor)),
                new Entry(says.id(), head, text),
                new Sealed(head, chain.seal(End.HEAD, head)));
        return store.repair(repair).compose(done -> {
            if (!done) {
                walk.fault("records came or went meanwhile; try again");
            }
            return report(done ? head : null);
        });
    }

    private Future<Report> report(@Nullable Link head) {
        return Future.succeededFuture(new Report(records(), head, first, walk.faults()));
    }
}
