package dev.ganglion.api.request;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Removes the internal annotations of the validator from the OpenAPI document before it is served. */
public final class PublicContract {
    private static final String ANNOTATION = "__absolute_";

    private PublicContract() {}

    public static Buffer of(JsonObject contract) {
        return object(contract).toBuffer();
    }

    private static JsonObject object(JsonObject annotated) {
        JsonObject clean = new JsonObject();
        annotated.forEach(member -> {
            if (!member.getKey().startsWith(ANNOTATION)) {
                clean.put(member.getKey(), value(member.getValue()));
            }
        });
        return clean;
    }

    private static Object value(Object annotated) {
        if (annotated instanceof JsonObject object) {
            return object(object);
        } else if (annotated instanceof JsonArray array) {
            JsonArray clean = new JsonArray();
            array.forEach(each -> clean.add(value(each)));
            return clean;
        }
        return annotated;
    }
}
