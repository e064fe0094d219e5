package dev.ganglion.config;

/**
 * Logging.
 *
 * @param level of the brain's own loggers
 */
public record LogConfig(LogLevel level) {
    static LogConfig from(Values values) {
        return new LogConfig(values.required(ConfigKeys.LOG_LEVEL));
    }
}
