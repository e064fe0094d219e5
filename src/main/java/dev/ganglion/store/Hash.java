package dev.ganglion.store;

import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a Redis hash. */
final class Hash {
    private final Map<String, String> fields = new LinkedHashMap<>();

    private Hash() {}

    /** Reads the reply of {@code HGETALL} in either version of the Redis protocol. */
    static Hash of(@Nullable Response reply) {
        Hash hash = new Hash();
        if (reply != null) {
            for (String key : reply.getKeys()) {
                hash.fields.put(key, reply.get(key).toString(StandardCharsets.UTF_8));
            }
        }
        return hash;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    Map<String, String> fields() {
        return fields;
    }

    @Nullable
    String text(String field) {
        return fields.get(field);
    }

    String required(String field) {
        String value = fields.get(field);
        if (value == null) {
            throw new IllegalStateException("a record in Redis lacks the field " + field);
        }
        return value;
    }

    @Nullable
    Integer integer(String field) {
        String value = fields.get(field);
        return value == null || value.isEmpty() ? null : Integer.valueOf(value);
    }

    @Nullable
    Instant time(String field) {
        String value = fields.get(field);
        return value == null || value.isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(value));
    }
}
