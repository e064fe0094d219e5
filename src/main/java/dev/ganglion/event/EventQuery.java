package dev.ganglion.event;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Filters of a list of events; a null filter matches every event.
 *
 * @param engine name of the engine
 * @param taskId id of the task in its engine
 * @param kinds known kinds, or {@code unknown} for all other kinds; empty for every kind
 * @param since earliest {@code occurred_at}, inclusive
 * @param until latest {@code occurred_at}, exclusive
 * @param cursor cursor from the previous page; null for the first page
 * @param limit largest number of events on the page, 1 to 500
 */
public record EventQuery(
        @Nullable String engine,
        @Nullable String taskId,
        Set<String> kinds,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String cursor,
        int limit) {}
