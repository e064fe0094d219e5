package dev.ganglion.cli;

import dev.ganglion.config.ConfigLoader;
import dev.ganglion.config.LoadedConfig;
import dev.ganglion.config.source.ConfigSources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Command-line options of every command that needs the configuration. */
final class ConfigOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML configuration file; see conf/ganglion.yaml for all keys.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Set one key, overriding file and environment; repeatable. Other users of the machine can read"
                            + " command lines, so do not pass secrets this way.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /**
     * Returns the configuration file, the environment and the settings of the command line as sources. Commands may add
     * presets.
     */
    ConfigSources sources(Map<String, String> environment) {
        ConfigSources sources =
                ConfigSources.none().withEnvironment(environment).withFlags(settings);
        return file == null ? sources : sources.withFile(file);
    }

    LoadedConfig load(Map<String, String> environment) {
        return ConfigLoader.load(sources(environment));
    }
}
