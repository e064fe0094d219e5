package dev.ganglion.projection.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one page of a list of tasks.
 *
 * @param since earliest time when the brain first saw the task, inclusive; null for no limit
 * @param until latest time when the brain first saw the task, exclusive; null for no limit
 * @param cursor cursor from the previous page; null for the first page
 * @param limit largest number of tasks on the page, 1 to 500
 */
public record TaskQuery(
        TaskFilter filter,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String cursor,
        int limit) {}
