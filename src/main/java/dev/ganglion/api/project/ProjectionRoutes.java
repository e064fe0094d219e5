package dev.ganglion.api.project;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.auth.Project;
import dev.ganglion.projection.engine.EngineStore;
import dev.ganglion.projection.engine.RegistryStore;
import dev.ganglion.projection.run.TaskFilter;
import dev.ganglion.projection.run.TaskQuery;
import dev.ganglion.projection.run.TaskStore;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Future;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** REST operations for tasks, engine workers, queues, counters, and the task names that agents announced. */
final class ProjectionRoutes {
    private final TaskStore tasks;
    private final EngineStore engines;
    private final RegistryStore registry;

    ProjectionRoutes(ProjectServices.Projections services) {
        this.tasks = services.tasks();
        this.engines = services.engines();
        this.registry = services.registry();
    }

    void addTo(Operations operations) {
        operations.addPage("listTasks", this::tasks);
        operations.add("getTask", this::task);
        operations.addPage("listEngineWorkers", this::workers);
        operations.addPage("listQueues", this::queues);
        operations.add("getStats", this::stats);
        operations.addPage("listRegistry", this::registry);
    }

    private Future<Reply> tasks(Call call) {
        Project project = call.project();
        TaskFilter filter = new TaskFilter(
                call.list("state"),
                one(call, "name"),
                one(call, "queue"),
                one(call, "worker"),
                one(call, "engine"),
                one(call, "agent_id"),
                lost(call));
        TaskQuery query = new TaskQuery(filter, call.time("since"), call.time("until"), call.cursor(), call.limit());
        return tasks.list(project.id(), query)
                .map(page -> Reply.page(page.items(), page.nextCursor(), Function.identity()));
    }

    private static @Nullable Boolean lost(Call call) {
        String lost = call.query("lost");
        return lost == null ? null : Boolean.valueOf(lost);
    }

    private static Set<String> one(Call call, String name) {
        String value = call.query(name);
        return value == null ? Set.of() : Set.of(value);
    }

    private Future<Reply> task(Call call) {
        Project project = call.project();
        SubjectKey subject = new SubjectKey(call.path("engine"), call.path("task_id"));
        return call.readingItem(() -> tasks.find(project.id(), subject))
                .map(found -> found.orElseThrow(() -> new GanglionException(
                        ErrorCode.NOT_FOUND, "task_id: the engine has no known task with this id", "task_id")))
                .map(task -> Reply.ok(task.view(subject)));
    }

    private Future<Reply> workers(Call call) {
        Project project = call.project();
        return engines.workers(project.id(), project.shards(), call.cursor(), call.limit())
                .map(page -> Reply.page(page.items(), page.nextCursor(), Function.identity()));
    }

    private Future<Reply> queues(Call call) {
        Project project = call.project();
        return engines.queues(project.id(), project.shards(), call.cursor(), call.limit())
                .map(page -> Reply.page(page.items(), page.nextCursor(), Function.identity()));
    }

    private Future<Reply> stats(Call call) {
        Project project = call.project();
        return engines.stats(project.id(), project.shards()).map(Reply::ok);
    }

    private Future<Reply> registry(Call call) {
        Project project = call.project();
        return registry.registry(project.id(), project.shards(), call.cursor(), call.limit())
                .map(page -> Reply.rawPage(page.items(), page.nextCursor()));
    }
}
