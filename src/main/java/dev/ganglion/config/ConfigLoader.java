package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKey;
import dev.ganglion.config.key.ConfigKeys;
import dev.ganglion.config.source.ConfigProblems;
import dev.ganglion.config.source.ConfigSources;
import dev.ganglion.config.source.MapSources;
import dev.ganglion.config.source.Origin;
import dev.ganglion.config.source.SourceValue;
import dev.ganglion.config.source.YamlSource;
import dev.ganglion.config.value.InvalidValueException;
import dev.ganglion.config.value.ListType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Loads and validates the configuration. Its sources are the defaults, presets, the file, the environment and the
 * command line; a later source overrides an earlier one. The loader collects all faults before it reports them.
 */
public final class ConfigLoader {
    private final ConfigProblems problems = new ConfigProblems();
    private final Map<String, SourceValue> effective = new HashMap<>();
    private final Map<String, Object> values = new HashMap<>();

    private ConfigLoader() {}

    /**
     * Loads the configuration.
     *
     * @throws ConfigException if the configuration is invalid; the exception names all faults
     */
    public static LoadedConfig load(ConfigSources sources) {
        return new ConfigLoader().loaded(sources);
    }

    private LoadedConfig loaded(ConfigSources sources) {
        layer(MapSources.named(sources.presets(), name -> Origin.preset(), problems));
        sources.file().ifPresent(file -> layer(YamlSource.read(file, problems)));
        layer(MapSources.environment(sources.environment(), problems));
        layer(MapSources.named(sources.flags(), Origin::flag, problems));
        for (ConfigKey<?> key : ConfigKeys.all()) {
            resolve(key).ifPresent(value -> values.put(key.name(), value));
        }
        followIdleTimeout();
        CheckedValues checked = new CheckedValues(values, files());
        CrossChecks.check(checked, this::origin, problems);
        problems.throwIfAny();
        return new LoadedConfig(
                GanglionConfig.from(checked),
                ConfigKeys.all().stream().map(key -> setting(key, checked)).toList());
    }

    /** Adds one source, which overrides the sources before it. Overridden values are validated nevertheless. */
    private void layer(List<SourceValue> source) {
        Map<String, SourceValue> seen = new HashMap<>();
        for (SourceValue given : source) {
            @Nullable SourceValue twin = seen.put(given.keyName(), given);
            if (twin != null) {
                problems.add(given.keyName(), "is set both as a value and as a file; keep one of them", given.origin());
            }
            @Nullable SourceValue overridden = effective.put(given.keyName(), given);
            if (overridden != null && !overridden.slot().fromFile()) {
                Optional<?> unused = parse(overridden, overridden.text());
            }
        }
    }

    /**
     * Shortens the heartbeat interval to a third of the idle timeout if the user set only the idle timeout, and set it
     * too short for the default interval.
     */
    private void followIdleTimeout() {
        String interval = ConfigKeys.AGENT_HEARTBEAT_INTERVAL.name();
        CheckedValues read = new CheckedValues(values, Map.of());
        Optional<Duration> idle = read.optional(ConfigKeys.AGENT_IDLE_TIMEOUT);
        if (!effective.containsKey(interval)
                && idle.isPresent()
                && idle.get().compareTo(read.required(ConfigKeys.AGENT_HEARTBEAT_INTERVAL)) <= 0) {
            values.put(interval, Duration.ofSeconds(Math.max(1, idle.get().toSeconds() / 3)));
        }
    }

    private Optional<?> resolve(ConfigKey<?> key) {
        @Nullable SourceValue given = effective.get(key.name());
        if (given != null) {
            return given.slot().fromFile()
                    ? contents(given).flatMap(text -> parse(given, text))
                    : parse(given, given.text());
        }
        return key.defaultText().map(text -> {
            try {
                return key.type().parse(text);
            } catch (InvalidValueException e) {
                throw new IllegalStateException("the default of " + key.name() + " " + e.reason(), e);
            }
        });
    }

    private Optional<?> parse(SourceValue given, String text) {
        try {
            return Optional.of(given.slot().key().type().parse(text));
        } catch (InvalidValueException e) {
            problems.refused(given, text, e);
            return Optional.empty();
        }
    }

    /** Reads the text of a secret from its own file, without the last line end. A list has one entry per line. */
    private Optional<String> contents(SourceValue given) {
        String name = given.slot().name();
        try {
            Path file = Path.of(given.text());
            String text = SecretFiles.read(file);
            return Optional.of(given.slot().key().type() instanceof ListType ? text + "\n" : text);
        } catch (IOException e) {
            problems.add(name, given.text() + " cannot be read: " + YamlSource.reason(e), given.origin());
        } catch (IllegalArgumentException e) {
            problems.add(name, given.text() + " is not a path", given.origin());
        }
        return Optional.empty();
    }

    /** Returns the files that hold secrets, by the name of the secret's key. */
    private Map<String, Path> files() {
        Map<String, Path> files = new HashMap<>();
        effective.forEach((name, given) -> {
            if (given.slot().fromFile() && values.containsKey(name)) {
                files.put(name, Path.of(given.text()));
            }
        });
        return files;
    }

    private Origin origin(String name) {
        @Nullable SourceValue given = effective.get(name);
        return given == null ? Origin.defaults() : given.origin();
    }

    private <T> Setting setting(ConfigKey<T> key, CheckedValues checked) {
        return new Setting(key, checked.optional(key).map(key.type()::format), origin(key.name()));
    }
}
