package dev.ganglion.event;

import dev.ganglion.protocol.Json;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that broke a rule, with the reason: kept once, as the batch is that they came in, and bounded. */
public interface DeadLetterStore {

    /**
     * A page, newest first.
     *
     * @param items JSON objects as REST shows them
     * @param nextCursor where the next page starts; null at the end
     */
    record Page(List<Json> items, @Nullable String nextCursor) {}

    /** A page of a project's rejected events. What fell off the end meanwhile is left out. */
    Future<Page> letters(String projectId, int shards, @Nullable String cursor, int limit);
}
