package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import java.time.Duration;
import java.util.Optional;

/**
 * Holds the retention limits for events and tasks, and the memory of projections. The brain trims as soon as any limit
 * is exceeded.
 *
 * @param retentionAge largest age of an event, 1 min to 3650 days
 * @param retentionBytes largest size of a project's events as stored, compressed, in bytes
 * @param retentionTasks largest number of tasks that a project keeps for each of its shards
 * @param retentionTaskBytes largest size of a project's tasks in Redis, in bytes
 * @param projectionMemory largest size of the tasks that a node keeps in memory to project events, in bytes; empty for
 *     an eighth of the heap
 */
public record EventConfig(
        Duration retentionAge,
        long retentionBytes,
        int retentionTasks,
        long retentionTaskBytes,
        Optional<Long> projectionMemory) {
    static EventConfig from(CheckedValues values) {
        return new EventConfig(
                values.required(ConfigKeys.EVENTS_RETENTION_AGE),
                values.required(ConfigKeys.EVENTS_RETENTION_BYTES),
                values.required(ConfigKeys.EVENTS_RETENTION_TASKS),
                values.required(ConfigKeys.EVENTS_RETENTION_TASK_BYTES),
                values.optional(ConfigKeys.PROJECTION_MEMORY));
    }
}
