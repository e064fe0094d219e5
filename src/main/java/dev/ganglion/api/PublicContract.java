package dev.ganglion.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The OpenAPI document as it is served: without the notes that the validator makes in its own copy. */
final class PublicContract {
    private static final String NOTE = "__absolute_";

    private PublicContract() {}

    static Buffer of(JsonObject contract) {
        return object(contract).toBuffer();
    }

    private static JsonObject object(JsonObject noted) {
        JsonObject clean = new JsonObject();
        noted.forEach(member -> {
            if (!member.getKey().startsWith(NOTE)) {
                clean.put(member.getKey(), value(member.getValue()));
            }
        });
        return clean;
    }

    private static Object value(Object noted) {
        if (noted instanceof JsonObject object) {
            return object(object);
        } else if (noted instanceof JsonArray array) {
            JsonArray clean = new JsonArray();
            array.forEach(each -> clean.add(value(each)));
            return clean;
        }
        return noted;
    }
}
