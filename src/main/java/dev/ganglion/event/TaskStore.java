package dev.ganglion.event;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Projected tasks, for those who ask. They follow the events within moments. */
public interface TaskStore {

    /**
     * A page of tasks, those that the brain heard of last first: a task keeps its place while it changes. A page may be
     * empty and still have a cursor: a filtered read scans a bounded stretch.
     *
     * @param items as REST shows them
     * @param nextCursor where the next page starts; null at the end
     */
    record Page(List<JsonObject> items, @Nullable String nextCursor) {}

    /**
     * A page of a project's tasks.
     *
     * @throws dev.ganglion.protocol.GanglionException (in the future) {@code invalid_request} for a cursor that is not
     *     ours, {@code store_unavailable} while the store is away
     */
    Future<Page> list(String projectId, int shards, TaskQuery query);

    /** One task. */
    Future<Optional<Task>> find(String projectId, int shards, Subject subject);

    /** Those of an engine's tasks that are known, by id. */
    Future<Map<String, Task>> findAll(String projectId, int shards, String engine, List<String> taskIds);
}
