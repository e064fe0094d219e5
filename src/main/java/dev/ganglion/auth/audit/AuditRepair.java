package dev.ganglion.auth.audit;

import dev.ganglion.auth.audit.AuditChain.End;
import dev.ganglion.auth.audit.AuditChain.Link;
import dev.ganglion.auth.audit.AuditStore.Entry;
import dev.ganglion.auth.audit.AuditStore.Sealed;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Marks both ends of the audit again after the store lost the marks. Without marks, the trail can append no record, and
 * the brain rejects every change until this repair has run.
 *
 * <p>The repair requires that no mark is left and that each existing record follows the previous one. It appends a
 * record of the repair. Whoever can remove the marks can also remove the last records, and the chain alone does not
 * show that.
 *
 * <p>If the oldest records were trimmed, the first remaining record cannot be checked, because only the lost mark named
 * its predecessor. The repaired audit then begins after that record. Use an instance once.
 */
public final class AuditRepair {
    private static final int CHUNK = 500;

    private final AuditStore store;
    private final AuditChain chain;
    private final @Nullable Link remembered;
    private final ChainWalk walk;
    private @Nullable Entry first;

    /**
     * Creates a repair.
     *
     * @param remembered a head that was printed earlier and must be part of the chain; null for none
     */
    public AuditRepair(AuditStore store, AuditChain chain, @Nullable Link remembered) {
        this.store = store;
        this.chain = chain;
        this.remembered = remembered;
        this.walk = new ChainWalk(chain, remembered);
    }

    /**
     * The result of a repair.
     *
     * @param records number of records found
     * @param head the new head of the chain; null if nothing was repaired
     * @param unchecked the first record, which could not be checked; the repaired audit begins after it; null if all
     *     records were checked
     * @param faults reasons why nothing was repaired
     */
    public record Report(
            long records, @Nullable Link head, @Nullable Entry unchecked, List<String> faults) {}

    /**
     * Checks all records, and marks both ends if the records are intact.
     *
     * @param record the audit record of the repair
     */
    public Future<Report> repair(AuditRecord record) {
        return store.ends().compose(ends -> {
            if (!ends.lacksMarks()) {
                walk.fault("an end of the chain is still marked; a repair requires that both marks are missing");
                return report(null);
            }
            return walk().compose(walked -> {
                if (remembered != null && !walk.passedRemembered()) {
                    walk.fault("the chain does not contain the given head, record " + remembered.seq());
                }
                return walk.faults().isEmpty() && records() > 0 ? mark(record) : report(null);
            });
        });
    }

    private Future<Void> walk() {
        return store.entriesFrom(walk.last().seq() + 1, CHUNK).compose(entries -> {
            boolean begins = walk.count() == 0 && first == null;
            if (begins && !entries.isEmpty() && entries.get(0).link().seq() > 1) {
                first = entries.get(0);
                walk.expectAfter(first.link());
                walk.check(entries.subList(1, entries.size()));
            } else {
                walk.check(entries);
            }
            return entries.isEmpty() || walk.full() ? Future.succeededFuture() : walk();
        });
    }

    private long records() {
        return walk.count() + (first == null ? 0 : 1);
    }

    private Future<Report> mark(AuditRecord record) {
        Link anchor = first == null ? Link.START : first.link();
        String text = record.json().encode();
        Link head = chain.next(walk.last(), text);
        AuditStore.Repair repair = new AuditStore.Repair(
                walk.last(),
                new Sealed(anchor, chain.seal(End.ANCHOR, anchor)),
                new Entry(record.id(), head, text),
                new Sealed(head, chain.seal(End.HEAD, head)));
        return store.repair(repair).compose(done -> {
            if (!done) {
                walk.fault("records were added or removed during the repair; try again");
            }
            return report(done ? head : null);
        });
    }

    private Future<Report> report(@Nullable Link head) {
        return Future.succeededFuture(new Report(records(), head, first, walk.faults()));
    }
}
