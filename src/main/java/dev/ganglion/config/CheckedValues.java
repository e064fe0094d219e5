package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKey;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds the validated values of all keys. Each value has the type of its key. */
final class CheckedValues {
    private final Map<String, Object> byName;

    CheckedValues(Map<String, Object> byName) {
        this.byName = Map.copyOf(byName);
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
