package dev.ganglion.projection.task;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Filters of a list of tasks; a null filter matches every task.
 *
 * @param states labels of states; empty for every state
 * @param name exact name of the task
 * @param queue queue that the task was sent to
 * @param worker engine worker that runs the task
 * @param since earliest time when the brain first saw the task, inclusive
 * @param until latest time when the brain first saw the task, exclusive
 * @param cursor cursor from the previous page; null for the first page
 * @param limit largest number of tasks on the page, 1 to 500
 */
public record TaskQuery(
        Set<String> states,
        @Nullable String name,
        @Nullable String queue,
        @Nullable String worker,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String cursor,
        int limit) {

    /** Whether a task matches in its current state. Ignores the times. */
    public boolean matches(Task task) {
        return (states.isEmpty() || states.contains(task.state().label()))
                && passes(name, task.name())
                && passes(queue, task.queue())
                && passes(worker, task.worker());
    }

    private static boolean passes(@Nullable String asked, @Nullable String found) {
        return asked == null || asked.equals(found);
    }
}
