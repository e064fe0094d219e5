package dev.ganglion.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration is made of; a later source wins over an earlier one.
 *
 * @param presets what a command puts in the place of the defaults, key to text
 * @param file the YAML file
 * @param environment the environment variables, also those that are none of ours
 * @param flags what the command line sets, key to text
 */
public record ConfigSources(
        Map<String, String> presets, Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    /** No source but the defaults. */
    public static ConfigSources none() {
        return new ConfigSources(Map.of(), Optional.empty(), Map.of(), Map.of());
    }

    /** With other values in the place of the defaults. */
    public ConfigSources withPresets(Map<String, String> values) {
        return new ConfigSources(values, file, environment, flags);
    }

    /** With a file. */
    public ConfigSources withFile(Path path) {
        return new ConfigSources(presets, Optional.of(path), environment, flags);
    }

    /** With the environment, as {@code System.getenv()} gives it. */
    public ConfigSources withEnvironment(Map<String, String> variables) {
        return new ConfigSources(presets, file, variables, flags);
    }

    /** With what the command line sets. */
    public ConfigSources withFlags(Map<String, String> values) {
        return new ConfigSources(presets, file, environment, values);
    }

    /** Without any value, since any may be a secret. */
    @Override
    public String toString() {
        return "ConfigSources[file=" + file + "]";
    }
}
