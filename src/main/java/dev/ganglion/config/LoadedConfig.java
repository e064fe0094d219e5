package dev.ganglion.config;

import java.util.List;

/**
 * A checked configuration and where each of its values came from.
 *
 * @param config the values
 * @param settings every key in the order of the table
 */
public record LoadedConfig(GanglionConfig config, List<Setting> settings) {
    /** Where the value of a key came from. */
    public Origin origin(String name) {
        return settings.stream()
                .filter(setting -> setting.key().name().equals(name))
                .map(Setting::origin)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such key: " + name));
    }
}
