package dev.ganglion.event;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a project's engines are like: their workers and queues, and what was counted. */
public interface EngineStore {

    /** A page, ordered by engine and name. */
    record Page(List<JsonObject> items, @Nullable String nextCursor) {}

    /** Workers of the engines, as events and heartbeats tell of them. */
    Future<Page> workers(String projectId, int shards, @Nullable String cursor, int limit);

    /** Queues, with the depth that was last reported. */
    Future<Page> queues(String projectId, int shards, @Nullable String cursor, int limit);

    /** Events by kind, tasks by state, and rates. */
    Future<JsonObject> stats(String projectId, int shards);
}
