package dev.ganglion.config;

/**
 * Holds the settings for observing a node.
 *
 * @param metrics the metrics endpoint
 * @param log logging
 */
public record ObservabilityConfig(MetricsConfig metrics, LogConfig log) {
    static ObservabilityConfig from(CheckedValues values) {
        return new ObservabilityConfig(MetricsConfig.from(values), LogConfig.from(values));
    }
}
