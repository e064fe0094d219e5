package dev.ganglion.event;

import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads rejected events, each with the reason for the rejection. The store keeps a bounded number of them, and stores
 * them once even if their batch is sent again.
 */
public interface RejectedEventStore {

    /**
     * A page of rejected events, newest first.
     *
     * @param items JSON objects as REST returns them
     * @param nextCursor cursor of the next page; null on the last page
     */
    record Page(List<Json> items, @Nullable String nextCursor) {}

    /**
     * Returns a page of a project's rejected events. Omits events that were evicted meanwhile.
     *
     * @param shards number of the project's shards
     * @param limit largest number of events on the page
     */
    Future<Page> rejectedEvents(String projectId, int shards, @Nullable String cursor, int limit);
}
