package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import dev.ganglion.config.value.LogFormat;
import dev.ganglion.config.value.LogLevel;
import java.util.Locale;
import java.util.Map;

/**
 * Holds the settings for logging.
 *
 * @param level lowest level that the brain's own loggers write
 * @param format format of the log lines
 */
public record LogConfig(LogLevel level, LogFormat format) {
    static LogConfig from(CheckedValues values) {
        return new LogConfig(values.required(ConfigKeys.LOG_LEVEL), values.required(ConfigKeys.LOG_FORMAT));
    }

    /** Returns the system properties that configure logging. Log4j reads them once, before the first log line. */
    public Map<String, String> properties() {
        return Map.of(
                "ganglion.log.level", level.name().toLowerCase(Locale.ROOT),
                "ganglion.log.format", format.name().toLowerCase(Locale.ROOT));
    }
}
