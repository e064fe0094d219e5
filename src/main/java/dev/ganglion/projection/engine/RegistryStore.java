package dev.ganglion.projection.engine;

import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the tasks, queues and schedules that agents announced for their engines. */
public interface RegistryStore {

    /**
     * A page of entries.
     *
     * @param items JSON objects with the members {@code agent_id}, {@code engine}, {@code name} and {@code entry}
     * @param nextCursor cursor of the next page; null on the last page
     */
    record Page(List<Json> items, @Nullable String nextCursor) {}

    /** Lists the entries of all agents of the project, ordered by agent, engine and name. */
    Future<Page> registry(String projectId, int shards, @Nullable String cursor, int limit);
}
