package dev.ganglion.config;

import java.util.Locale;
import java.util.Map;

/**
 * Logging.
 *
 * @param level of the brain's own loggers
 * @param format of its lines
 */
public record LogConfig(LogLevel level, LogFormat format) {
    static LogConfig from(Values values) {
        return new LogConfig(values.required(ConfigKeys.LOG_LEVEL), values.required(ConfigKeys.LOG_FORMAT));
    }

    /** The system properties that the logging reads, with their values; it does so once, before the first line. */
    public Map<String, String> properties() {
        return Map.of(
                "ganglion.log.level", level.name().toLowerCase(Locale.ROOT),
                "ganglion.log.format", format.name().toLowerCase(Locale.ROOT));
    }
}
