package dev.ganglion.config;

import java.time.Duration;

/**
 * How long events are kept; whichever limit is met first trims them.
 *
 * @param retentionAge by age
 * @param retentionBytes by size, for each project
 * @param retentionTasks tasks that a shard of a project keeps
 */
public record EventConfig(Duration retentionAge, long retentionBytes, int retentionTasks) {
    static EventConfig from(Values values) {
        return new EventConfig(
                values.required(ConfigKeys.EVENTS_RETENTION_AGE),
                values.required(ConfigKeys.EVENTS_RETENTION_BYTES),
                values.required(ConfigKeys.EVENTS_RETENTION_TASKS));
    }
}
