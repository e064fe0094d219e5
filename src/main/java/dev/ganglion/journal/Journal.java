package dev.ganglion.journal;

import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores the recent connection history of each agent. The history is bounded and is deleted with its agent. */
public interface Journal {
    /** Largest number of entries in an agent's journal. */
    int ENTRIES = 200;

    /**
     * A page of entries, newest first.
     *
     * @param items JSON objects as REST returns them
     * @param nextCursor cursor of the next page; null on the last page
     */
    record Page(List<Json> items, @Nullable String nextCursor) {}

    /** Appends entries. Entries of deleted agents are dropped. */
    Future<Void> append(List<JournalEntry> entries);

    /**
     * A page of an agent's journal. Omits entries that were evicted meanwhile.
     *
     * @throws dev.ganglion.protocol.error.GanglionException (in the future) {@code invalid_request} for a cursor that this
     *     brain did not issue, {@code store_unavailable} while the store is unreachable
     */
    Future<Page> read(JournalEntry.Agent agent, @Nullable String cursor, int limit);
}
