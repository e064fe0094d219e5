package dev.ganglion.auth.audit;

import dev.ganglion.auth.ProjectStore.Page;
import dev.ganglion.auth.audit.AuditChain.Link;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores the audit: the chained records, both ends of the chain, and the open records of actions under way. */
public interface AuditStore {
    /**
     * A record at its position.
     *
     * @param id id of the record
     * @param link position of the record in the chain
     * @param record JSON of the record, as it was chained
     */
    record Entry(String id, Link link, String record) {}

    /** An end of the chain with its seal. Both texts are empty if the end is not marked. */
    record Sealed(Link link, String seal) {}

    /**
     * Records to append.
     *
     * @param expected head of the chain that the records follow
     * @param entries records in order
     * @param head new head of the chain
     * @param onlyOpen ids of records to append only while their action is still open
     */
    record Batch(Link expected, List<Entry> entries, Sealed head, Set<String> onlyOpen) {}

    /**
     * The result of {@link #append}.
     *
     * @param appended whether the batch is stored
     * @param head present head of the chain
     * @param anchor number of the last record that was trimmed
     * @param ended id of a record in {@code onlyOpen} whose action is no longer open, so that nothing was stored; null
     *     for none
     */
    record Answer(
            boolean appended,
            Link head,
            long anchor,
            @Nullable String ended) {}

    /** Both ends of the chain. */
    record Ends(Sealed head, Sealed anchor) {
        private static final Sealed NONE = new Sealed(Link.START, "");

        /** Whether neither end is marked, either because there is no record yet or because the store lost the marks. */
        public boolean lacksMarks() {
            return head.equals(NONE) && anchor.equals(NONE);
        }
    }

    /**
     * New marks for a chain that lost them.
     *
     * @param last the last record that exists
     * @param anchor position before the first record that stays
     * @param entry record of the repair, which follows the last one
     * @param head new head of the chain: the record of the repair
     */
    record Repair(Link last, Sealed anchor, Entry entry, Sealed head) {}

    /**
     * Appends all records or none. Appends none unless the head is the expected one. The actions of appended records
     * are no longer open.
     */
    Future<Answer> append(Batch batch);

    /**
     * Stores that an action begins. This record stands for the action if no other record follows.
     *
     * @param evenIfFull whether the store takes the record although its memory is full
     */
    Future<Void> begin(String id, String record, boolean evenIfFull);

    /** Returns the records of open actions by id. */
    Future<Map<String, String>> openRecords();

    /** Returns the present ends of the chain. */
    Future<Ends> ends();

    /** Returns up to {@code count} entries from this number on, oldest first. */
    Future<List<Entry>> entriesFrom(long seq, int count);

    /** Removes the records up to the anchor. Does nothing if there is a later anchor already. */
    Future<Void> trim(Sealed anchor);

    /**
     * Marks both ends again. Returns false without a change if the ends are marked, or if records were added or removed
     * since.
     */
    Future<Boolean> repair(Repair repair);

    /**
     * Lists records of one project or of all, newest first. A page for one project may be empty and still have a
     * cursor.
     */
    Future<Page<Entry>> page(@Nullable String projectId, @Nullable String cursor, int limit);
}
