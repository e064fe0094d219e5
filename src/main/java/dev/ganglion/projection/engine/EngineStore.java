package dev.ganglion.projection.engine;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a project's engine workers, queues and counters. */
public interface EngineStore {

    /** A page, ordered by engine and name. */
    record Page(List<JsonObject> items, @Nullable String nextCursor) {}

    /** Lists engine workers, from events and heartbeats. */
    Future<Page> workers(String projectId, int shards, @Nullable String cursor, int limit);

    /** Lists queues with their last reported depth. */
    Future<Page> queues(String projectId, int shards, @Nullable String cursor, int limit);

    /** Counts events by kind and tasks by state, and computes rates. */
    Future<JsonObject> stats(String projectId, int shards);
}
