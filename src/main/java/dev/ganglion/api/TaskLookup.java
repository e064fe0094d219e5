package dev.ganglion.api;

import dev.ganglion.auth.Project;
import dev.ganglion.command.TaskFacts;
import dev.ganglion.event.EventPage;
import dev.ganglion.event.EventQuery;
import dev.ganglion.event.EventStore;
import dev.ganglion.protocol.Json;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Finds out of stored events what a task is called: the newest that says so holds. Bounded: a long search is given up. */
final class TaskLookup {
    private static final int PAGES = 4;
    private static final int PAGE = 50;
    private static final int MAX_NAME = 500;
    private static final int MAX_PRIORITY = 255;
    private static final int MAX_PRIORITY_WORD = 40;

    private final EventStore events;

    TaskLookup(EventStore events) {
        this.events = events;
    }

    Future<TaskFacts> facts(Project project, String engine, String taskId) {
        return search(project, new EventQuery(engine, taskId, null, null, null, null, PAGE), TaskFacts.NONE, PAGES);
    }

    private Future<TaskFacts> search(Project project, EventQuery query, TaskFacts known, int pages) {
        return events.events(project.id(), project.shards(), query).compose(page -> {
            TaskFacts facts = read(page, known);
            String cursor = page.nextCursor();
            if (facts.isComplete() || cursor == null || pages == 1) {
                return Future.succeededFuture(facts);
            }
            EventQuery next = new EventQuery(query.engine(), query.taskId(), null, null, null, cursor, PAGE);
            return search(project, next, facts, pages - 1);
        });
    }

    private static TaskFacts read(EventPage page, TaskFacts known) {
        TaskFacts facts = known;
        for (Json item : page.items()) {
            if (AgentJson.object(item).getValue("data") instanceof JsonObject data) {
                String name = name(data.getValue("task_name"));
                facts = facts.orElse(new TaskFacts(
                        name == null ? name(data.getValue("name")) : name, priority(data.getValue("priority"))));
            }
            if (facts.isComplete()) {
                break;
            }
        }
        return facts;
    }

    /** Agents that do not know a task's name say {@code unknown} or {@code <unknown…>}. */
    private static @Nullable String name(@Nullable Object value) {
        return value instanceof String text
                        && !text.isEmpty()
                        && text.length() <= MAX_NAME
                        && !text.equals("unknown")
                        && !text.startsWith("<unknown")
                ? text
                : null;
    }

    private static @Nullable Object priority(@Nullable Object value) {
        boolean number = value instanceof Integer level && level >= 0 && level <= MAX_PRIORITY;
        boolean word = value instanceof String text && !text.isEmpty() && text.length() <= MAX_PRIORITY_WORD;
        return number || word ? value : null;
    }
}
