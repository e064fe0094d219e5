package dev.ganglion.event;

import dev.ganglion.protocol.Json;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to each agent's connections lately: bounded, and gone with the agent. */
public interface Journal {
    /** Entries that an agent's journal keeps. */
    int ENTRIES = 200;

    /**
     * A page of entries, newest first.
     *
     * @param items JSON objects as REST shows them
     * @param nextCursor where the next page starts; null at the end
     */
    record Page(List<Json> items, @Nullable String nextCursor) {}

    /** Adds entries; those of an agent that is no more are dropped. */
    Future<Void> append(List<JournalEntry> entries);

    /**
     * A page of an agent's journal. What fell off the end meanwhile is left out.
     *
     * @throws dev.ganglion.protocol.GanglionException (in the future) {@code invalid_request} for a cursor that is not
     *     ours, {@code store_unavailable} while the store is away
     */
    Future<Page> read(JournalEntry.Agent agent, @Nullable String cursor, int limit);
}
