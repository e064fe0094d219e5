package dev.ganglion.config;

import java.time.Duration;

/**
 * What the brain does while the store is away.
 *
 * @param pauseLimit how long sessions are paused before they are closed
 */
public record StoreConfig(Duration pauseLimit) {
    static StoreConfig from(Values values) {
        return new StoreConfig(values.required(ConfigKeys.STORE_PAUSE_LIMIT));
    }
}
