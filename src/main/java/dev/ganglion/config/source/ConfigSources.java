package dev.ganglion.config.source;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the sources of a configuration; a later source overrides an earlier one.
 *
 * @param presets values with which a command replaces the defaults, by key
 * @param file path of the YAML file
 * @param environment all environment variables, including those without the {@code GANGLION_} prefix
 * @param flags values set on the command line, by key
 */
public record ConfigSources(
        Map<String, String> presets, Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    /** Returns sources that give nothing, so that only the defaults apply. */
    public static ConfigSources none() {
        return new ConfigSources(Map.of(), Optional.empty(), Map.of(), Map.of());
    }

    /** Returns a copy in which these values replace the defaults. */
    public ConfigSources withPresets(Map<String, String> values) {
        return new ConfigSources(values, file, environment, flags);
    }

    /** Returns a copy with a configuration file. */
    public ConfigSources withFile(Path path) {
        return new ConfigSources(presets, Optional.of(path), environment, flags);
    }

    /** Returns a copy with environment variables, as {@code System.getenv()} returns them. */
    public ConfigSources withEnvironment(Map<String, String> variables) {
        return new ConfigSources(presets, file, variables, flags);
    }

    /** Returns a copy with values from the command line. */
    public ConfigSources withFlags(Map<String, String> values) {
        return new ConfigSources(presets, file, environment, values);
    }

    /** Prints only the path of the file, because any value may be a secret. */
    @Override
    public String toString() {
        return "ConfigSources[file=" + file + "]";
    }
}
