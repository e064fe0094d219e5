package dev.ganglion.projection.run;

import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads projected tasks. A projection usually follows its events within half a second. */
public interface TaskStore {

    /**
     * A page of tasks, ordered by the time when the brain first saw them, latest first. A task keeps its place in the
     * list while it changes. A page has as many tasks as asked for, unless the list ends or the page reaches its limit
     * in bytes.
     *
     * @param items JSON objects as REST returns them
     * @param nextCursor cursor of the next page; null on the last page
     */
    record Page(List<JsonObject> items, @Nullable String nextCursor) {}

    /**
     * Lists a project's tasks.
     *
     * @throws dev.ganglion.protocol.error.GanglionException (in the future) {@code invalid_request} for a cursor that no
     *     brain issued, {@code validation_failed} for a cursor of a list with other filters or of version 0.1, {@code
     *     store_unavailable} while the store is unreachable
     */
    Future<Page> list(String projectId, TaskQuery query);

    /** Finds one task. */
    Future<Optional<Task>> find(String projectId, SubjectKey subject);

    /** Finds the known tasks among these ids of an engine, by id. */
    Future<Map<String, Task>> findAll(String projectId, String engine, List<String> taskIds);
}
