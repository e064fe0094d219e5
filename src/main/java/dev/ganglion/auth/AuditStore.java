package dev.ganglion.auth;

import dev.ganglion.auth.AuditChain.Link;
import dev.ganglion.auth.ProjectStore.Page;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the audit is kept: records in a chain, its two ends, and what has begun and not ended. */
public interface AuditStore {
    /**
     * A record in its place.
     *
     * @param id the record's own
     * @param record as it was chained, JSON
     */
    record Entry(String id, Link link, String record) {}

    /** An end of the chain with its seal; empty texts where there is none. */
    record Sealed(Link link, String seal) {}

    /**
     * Records to be appended.
     *
     * @param expected the head that they are chained behind
     * @param entries in order
     * @param head the new head
     * @param onlyOpen ids of records that are appended only while what they tell of has not ended
     */
    record Batch(Link expected, List<Entry> entries, Sealed head, Set<String> onlyOpen) {}

    /**
     * What became of a batch.
     *
     * @param appended whether it is stored
     * @param head the head as it is now
     * @param anchor the number of the last record that was dropped for space
     * @param ended the one of {@code onlyOpen} that has ended, for which nothing was stored; null for none
     */
    record Answer(
            boolean appended,
            Link head,
            long anchor,
            @Nullable String ended) {}

    /** Both ends. */
    record Ends(Sealed head, Sealed anchor) {
        private static final Sealed NONE = new Sealed(Link.START, "");

        /** Whether neither is marked: as before the first record, or when the store lost them. */
        public boolean unmarked() {
            return head.equals(NONE) && anchor.equals(NONE);
        }
    }

    /**
     * The ends of a chain whose marks were lost.
     *
     * @param last the last record that there is
     * @param anchor the record before the first that stays
     * @param entry a record that says so, behind the last one
     * @param head the new head, which is that record
     */
    record Repair(Link last, Sealed anchor, Entry entry, Sealed head) {}

    /** Appends all or nothing: nothing unless the head is the expected one. What the records tell of has ended then. */
    Future<Answer> append(Batch batch);

    /** Keeps that something begins, whose record is this as long as no other comes. */
    Future<Void> begin(String id, String record);

    /** What has begun and not ended: records by their ids. */
    Future<Map<String, String>> open();

    /** Both ends of the chain as they are now. */
    Future<Ends> ends();

    /** Entries from that number on, oldest first. */
    Future<List<Entry>> from(long seq, int count);

    /** Drops what is not behind the anchor; nothing when there is a later anchor already. */
    Future<Void> trim(Sealed anchor);

    /** Marks both ends anew; false, and nothing is done, when they are marked or records came or went since. */
    Future<Boolean> repair(Repair repair);

    /** Records, newest first, of one project or of all; a page of one project may be empty and still have a cursor. */
    Future<Page<Entry>> page(@Nullable String projectId, @Nullable String cursor, int limit);
}
