package dev.ganglion.config;

import java.time.Duration;

/**
 * How long events are kept; whichever limit is met first trims them.
 *
 * @param retentionAge by age
 * @param retentionBytes by size, for each project
 */
public record EventConfig(Duration retentionAge, long retentionBytes) {
    static EventConfig from(Values values) {
        return new EventConfig(
                values.required(ConfigKeys.EVENTS_RETENTION_AGE), values.required(ConfigKeys.EVENTS_RETENTION_BYTES));
    }
}
