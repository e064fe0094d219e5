package dev.ganglion.config.listing;

import dev.ganglion.config.LoadedConfig;
import dev.ganglion.config.Setting;
import java.util.List;

/** Formats the effective configuration for people. Secrets are masked, and each value is shown with its origin. */
public final class ConfigListing {
    private ConfigListing() {}

    /** Formats the configuration as columns, one key per line. */
    public static String text(LoadedConfig loaded) {
        int names = width(
                loaded.settings().stream().map(setting -> setting.key().name()).toList());
        int values = width(loaded.settings().stream().map(ConfigListing::shown).toList());
        StringBuilder out = new StringBuilder();
        for (Setting setting : loaded.settings()) {
            String format = "%-" + names + "s  %-" + values + "s  %s%n";
            out.append(format.formatted(setting.key().name(), shown(setting), setting.origin()));
        }
        return out.toString();
    }

    private static String shown(Setting setting) {
        return setting.shown().filter(text -> !text.isEmpty()).orElse("-");
    }

    private static int width(List<String> column) {
        return column.stream().mapToInt(String::length).max().orElse(1);
    }

    /**
     * Formats the configuration as a configuration file. Masked secrets must be filled in again before the file can be
     * used.
     */
    public static String yaml(LoadedConfig loaded) {
        YamlWriter writer = new YamlWriter();
        for (Setting setting : loaded.settings()) {
            String value = setting.shown()
                    .map(text -> YamlWriter.value(setting.key(), text) + " ")
                    .orElse("");
            writer.key(setting.key().name(), List.of(), value + "# " + setting.origin());
        }
        return writer.toString();
    }
}
