package dev.ganglion.store.projection;

import dev.ganglion.store.redis.Arguments;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Reads some fields of a hash. */
final class HashReads {
    private HashReads() {}

    static Request fields(String key, Iterable<String> names) {
        Arguments request = Arguments.of(Command.HMGET).add(key);
        names.forEach(request::add);
        return request.request();
    }

    /** Returns the requested fields that exist, with their values. */
    static Map<String, String> present(Iterable<String> names, Response values) {
        Map<String, String> present = new HashMap<>();
        int at = 0;
        for (String name : names) {
            Response value = values.get(at++);
            if (value != null) {
                present.put(name, value.toString(StandardCharsets.UTF_8));
            }
        }
        return present;
    }
}
