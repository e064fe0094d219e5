package dev.ganglion.config;

import dev.ganglion.config.source.Origin;
import java.util.List;

/**
 * Holds a validated configuration and the origin of each value.
 *
 * @param config the values
 * @param settings all keys in the order of the reference file
 */
public record LoadedConfig(GanglionConfig config, List<Setting> settings) {
    /** Returns the origin of a key's value. */
    public Origin origin(String name) {
        return settings.stream()
                .filter(setting -> setting.key().name().equals(name))
                .map(Setting::origin)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such key: " + name));
    }
}
