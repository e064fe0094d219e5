package dev.ganglion.store.redis;

import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a Redis hash. */
public final class HashFields {
    private final Map<String, String> fields = new LinkedHashMap<>();

    private HashFields() {}

    /** Reads the reply of {@code HGETALL} in either version of the Redis protocol. */
    public static HashFields of(@Nullable Response reply) {
        HashFields hash = new HashFields();
        if (reply != null) {
            for (String key : reply.getKeys()) {
                hash.fields.put(key, reply.get(key).toString(StandardCharsets.UTF_8));
            }
        }
        return hash;
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    public Map<String, String> fields() {
        return fields;
    }

    /** Returns a field as text; null if it is missing. */
    public @Nullable String text(String field) {
        return fields.get(field);
    }

    /**
     * Returns a field as text.
     *
     * @throws IllegalStateException if the field is missing
     */
    public String required(String field) {
        String value = fields.get(field);
        if (value == null) {
            throw new IllegalStateException("a record in Redis lacks the field " + field);
        }
        return value;
    }

    /** Returns a field as a number; null if it is missing or empty. */
    public @Nullable Integer integer(String field) {
        String value = fields.get(field);
        return value == null || value.isEmpty() ? null : Integer.valueOf(value);
    }

    /** Returns a field in milliseconds since 1970 as a time; null if it is missing or empty. */
    public @Nullable Instant time(String field) {
        String value = fields.get(field);
        return value == null || value.isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(value));
    }
}
