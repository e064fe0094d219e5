package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import java.time.Duration;

/**
 * Holds the settings for the time while Redis is unavailable.
 *
 * @param pauseLimit longest time that the brain pauses sessions before it closes them, 5 s to 45 s
 */
public record StoreConfig(Duration pauseLimit) {
    static StoreConfig from(CheckedValues values) {
        return new StoreConfig(values.required(ConfigKeys.STORE_PAUSE_LIMIT));
    }
}
