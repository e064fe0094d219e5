package dev.ganglion.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Filters of a list of events; a null filter matches every event.
 *
 * @param engine name of the engine
 * @param taskId id of the task in its engine
 * @param kind a known kind, or {@code unknown} for all other kinds
 * @param since earliest {@code occurred_at}, inclusive
 * @param until latest {@code occurred_at}, exclusive
 * @param cursor cursor from the previous page; null for the first page
 * @param limit largest number of events on the page, 1 to 500
 */
public record EventQuery(
        @Nullable String engine,
        @Nullable String taskId,
        @Nullable String kind,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String cursor,
        int limit) {}
