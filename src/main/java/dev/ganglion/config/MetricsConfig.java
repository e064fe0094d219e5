package dev.ganglion.config;

import java.util.Optional;

/**
 * The metrics endpoint.
 *
 * @param token the bearer that may read the metrics, besides the admin key
 */
public record MetricsConfig(Optional<Secret> token) {
    static MetricsConfig from(Values values) {
        return new MetricsConfig(values.optional(ConfigKeys.METRICS_TOKEN));
    }
}
