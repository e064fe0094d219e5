package dev.ganglion.api.project;

import dev.ganglion.auth.Project;
import dev.ganglion.command.TaskFacts;
import dev.ganglion.event.EventPage;
import dev.ganglion.event.EventQuery;
import dev.ganglion.event.EventStore;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskStore;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskText;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the names and priorities of tasks. It reads the projection first. For a single task whose facts are incomplete
 * there, it also searches the newest events. The search is bounded: it gives up after 4 pages of events.
 */
final class TaskLookup {
    private static final int PAGES = 4;
    private static final int PAGE = 50;

    private final EventStore events;
    private final TaskStore tasks;

    TaskLookup(EventStore events, TaskStore tasks) {
        this.events = events;
        this.tasks = tasks;
    }

    Future<TaskFacts> facts(Project project, String engine, String taskId) {
        return tasks.find(project.id(), new SubjectKey(engine, taskId)).compose(found -> {
            TaskFacts known = found.map(TaskLookup::facts).orElse(TaskFacts.NONE);
            EventQuery query = new EventQuery(engine, taskId, Set.of(), null, null, null, PAGE);
            return known.isComplete()
                    ? Future.succeededFuture(known)
                    : search(project, query, TaskFacts.NONE, PAGES).map(known::orElse);
        });
    }

    /** Returns the facts of those tasks of an engine that the projection knows, by task id. */
    Future<Map<String, TaskFacts>> all(Project project, String engine, List<String> taskIds) {
        return all(project, engine, taskIds, new HashMap<>());
    }

    private Future<Map<String, TaskFacts>> all(
            Project project, String engine, List<String> taskIds, Map<String, TaskFacts> facts) {
        if (taskIds.isEmpty()) {
            return Future.succeededFuture(facts);
        }
        int count = Math.min(PAGE, taskIds.size());
        return tasks.findAll(project.id(), engine, taskIds.subList(0, count)).compose(found -> {
            found.forEach((id, task) -> facts.put(id, facts(task)));
            return all(project, engine, taskIds.subList(count, taskIds.size()), facts);
        });
    }

    private static TaskFacts facts(Task task) {
        return new TaskFacts(task.name(), task.priority());
    }

    private Future<TaskFacts> search(Project project, EventQuery query, TaskFacts known, int pages) {
        return events.events(project.id(), project.shards(), query).compose(page -> {
            TaskFacts facts = read(page, known);
            String cursor = page.nextCursor();
            if (facts.isComplete() || cursor == null || pages == 1) {
                return Future.succeededFuture(facts);
            }
            EventQuery next = new EventQuery(query.engine(), query.taskId(), Set.of(), null, null, cursor, PAGE);
            return search(project, next, facts, pages - 1);
        });
    }

    private static TaskFacts read(EventPage page, TaskFacts known) {
        TaskFacts facts = known;
        for (Json item : page.items()) {
            if (StoredJson.object(item).getValue("data") instanceof JsonObject data) {
                facts = facts.orElse(new TaskFacts(TaskText.name(data), TaskText.priority(data)));
            }
            if (facts.isComplete()) {
                break;
            }
        }
        return facts;
    }
}
