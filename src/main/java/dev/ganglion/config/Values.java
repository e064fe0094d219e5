package dev.ganglion.config;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The checked values of all keys, each of its key's type. */
final class Values {
    private final Map<String, Object> byName;

    Values(Map<String, Object> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** The value of a key that has a default. */
    <T> T required(ConfigKey<T> key) {
        return optional(key).orElseThrow(() -> new IllegalStateException(key.name() + " has no default"));
    }

    /** The value of a key that may have none. */
    @SuppressWarnings("unchecked") // only the key's own type put it there
    <T> Optional<T> optional(ConfigKey<T> key) {
        @Nullable Object value = byName.get(key.name());
        return Optional.ofNullable((T) value);
    }
}
