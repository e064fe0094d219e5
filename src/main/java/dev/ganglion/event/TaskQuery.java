package dev.ganglion.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks are asked for; an absent part matches all.
 *
 * @param state a state's label
 * @param name what it is called, exactly
 * @param queue where it queues
 * @param worker who runs it
 * @param since the brain first heard of it then or later
 * @param until the brain first heard of it before
 * @param cursor where the page before ended
 * @param limit tasks on a page, 1..500
 */
public record TaskQuery(
        @Nullable String state,
        @Nullable String name,
        @Nullable String queue,
        @Nullable String worker,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String cursor,
        int limit) {

    /** Whether a task is one of them, by what it is like now. */
    public boolean matches(Task task) {
        return agrees(state, task.state().label())
                && agrees(name, task.name())
                && agrees(queue, task.queue())
                && agrees(worker, task.worker());
    }

    private static boolean agrees(@Nullable String asked, @Nullable String found) {
        return asked == null || asked.equals(found);
    }
}
