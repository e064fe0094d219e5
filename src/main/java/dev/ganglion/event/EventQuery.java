package dev.ganglion.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events are asked for; an absent part matches all.
 *
 * @param engine the engine's name
 * @param taskId the task's id in its engine
 * @param kind the kind as listed: an unlisted one is {@code unknown}
 * @param since earliest {@code occurred_at}, inclusive
 * @param until latest {@code occurred_at}, exclusive
 * @param cursor where the page before ended
 * @param limit events on a page, 1..500
 */
public record EventQuery(
        @Nullable String engine,
        @Nullable String taskId,
        @Nullable String kind,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String cursor,
        int limit) {}
