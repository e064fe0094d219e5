package dev.ganglion.event;

import dev.ganglion.protocol.Json;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What agents announced of their engines: tasks, queues, schedules. */
public interface RegistryStore {

    /**
     * A page of entries.
     *
     * @param items JSON objects {@code agent_id engine name entry}
     * @param nextCursor where the next page starts; null at the end
     */
    record Page(List<Json> items, @Nullable String nextCursor) {}

    /** The entries of all the project's agents, ordered by agent, engine and name. */
    Future<Page> registry(String projectId, int shards, @Nullable String cursor, int limit);
}
