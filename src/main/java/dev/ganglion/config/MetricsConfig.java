package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import dev.ganglion.config.value.Secret;
import java.util.Optional;

/**
 * Holds the settings of the metrics endpoint.
 *
 * @param token bearer token that may read the metrics, in addition to the admin key
 */
public record MetricsConfig(Optional<Secret> token) {
    static MetricsConfig from(CheckedValues values) {
        return new MetricsConfig(values.optional(ConfigKeys.METRICS_TOKEN));
    }
}
