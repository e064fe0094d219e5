package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import java.time.Duration;

/**
 * Holds the retention limits for events and tasks. The brain trims as soon as any limit is exceeded.
 *
 * @param retentionAge largest age of an event, 1 min to 3650 days
 * @param retentionBytes largest size of a project's events, in bytes
 * @param retentionTasks largest number of tasks that one shard of a project keeps
 */
public record EventConfig(Duration retentionAge, long retentionBytes, int retentionTasks) {
    static EventConfig from(CheckedValues values) {
        return new EventConfig(
                values.required(ConfigKeys.EVENTS_RETENTION_AGE),
                values.required(ConfigKeys.EVENTS_RETENTION_BYTES),
                values.required(ConfigKeys.EVENTS_RETENTION_TASKS));
    }
}
