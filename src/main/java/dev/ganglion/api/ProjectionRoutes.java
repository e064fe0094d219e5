package dev.ganglion.api;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Reply;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskQuery;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** REST operations for the projection: tasks, engine workers, queues and counters, and for rejected events. */
final class ProjectionRoutes {
    private final ProjectRoutes projects;
    private final ApiServices.Projected projected;

    ProjectionRoutes(ProjectRoutes projects, ApiServices.Projected projected) {
        this.projects = projects;
        this.projected = projected;
    }

    Future<Reply> tasks(Call call) {
        TaskQuery query = new TaskQuery(
                call.query("state"),
                call.query("name"),
                call.query("queue"),
                call.query("worker"),
                EventRoutes.time(call, "since"),
                EventRoutes.time(call, "until"),
                call.cursor(),
                call.limit());
        return projects.ofPath(call)
                .compose(project -> projected.tasks().list(project.id(), project.shards(), query))
                .map(page -> page(page.items(), page.nextCursor()));
    }

    Future<Reply> task(Call call) {
        SubjectKey subject = new SubjectKey(call.path("engine"), call.path("task_id"));
        return projects.ofPath(call)
                .compose(project -> projected.tasks().find(project.id(), project.shards(), subject))
                .map(found -> found.orElseThrow(() -> new GanglionException(
                        ErrorCode.NOT_FOUND, "task_id: the engine has no known task with this id", "task_id")))
                .map(task -> Reply.ok(task.view(subject)));
    }

    Future<Reply> workers(Call call) {
        return projects.ofPath(call)
                .compose(project ->
                        projected.engines().workers(project.id(), project.shards(), call.cursor(), call.limit()))
                .map(page -> page(page.items(), page.nextCursor()));
    }

    Future<Reply> queues(Call call) {
        return projects.ofPath(call)
                .compose(project ->
                        projected.engines().queues(project.id(), project.shards(), call.cursor(), call.limit()))
                .map(page -> page(page.items(), page.nextCursor()));
    }

    Future<Reply> stats(Call call) {
        return projects.ofPath(call)
                .compose(project -> projected.engines().stats(project.id(), project.shards()))
                .map(Reply::ok);
    }

    Future<Reply> deadLetters(Call call) {
        return projects.ofPath(call)
                .compose(project -> projected
                        .deadLetters()
                        .rejectedEvents(project.id(), project.shards(), call.cursor(), call.limit()))
                .map(page -> Reply.ok(EventRoutes.page(page.items(), page.nextCursor())));
    }

    private static Reply page(List<JsonObject> items, @Nullable String nextCursor) {
        return Reply.ok(ProjectJson.page(items, nextCursor, Function.identity()));
    }
}
