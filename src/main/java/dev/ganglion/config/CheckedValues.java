package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKey;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds the validated values of all keys. Each value has the type of its key. */
final class CheckedValues {
    private final Map<String, Object> byName;

    private final Map<String, Path> files;

    /**
     * Creates the values.
     *
     * @param files the files from which secrets were read, by the name of their key
     */
    CheckedValues(Map<String, Object> byName, Map<String, Path> files) {
        this.byName = Map.copyOf(byName);
        this.files = Map.copyOf(files);
    }

    /** Returns the file from which a secret was read. */
    Optional<Path> file(ConfigKey<?> key) {
        return Optional.ofNullable(files.get(key.name()));
    }

    /** Returns the value of a key that has a default. */
    <T> T required(ConfigKey<T> key) {
        return optional(key).orElseThrow(() -> new IllegalStateException(key.name() + " has no default"));
    }

    /** Returns the value of a key that may be unset. */
    @SuppressWarnings("unchecked") // Safe: values are stored only under the key whose type produced them
    <T> Optional<T> optional(ConfigKey<T> key) {
        @Nullable Object value = byName.get(key.name());
        return Optional.ofNullable((T) value);
    }
}
