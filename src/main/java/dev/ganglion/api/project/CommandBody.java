package dev.ganglion.api.project;

import dev.ganglion.api.request.Call;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.protocol.error.ProtocolLimits;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * Checks the rules of a command body that the OpenAPI document cannot express: the brain must be able to send its
 * values to the agent unchanged.
 */
final class CommandBody {
    private static final int MAX_VALUE_BYTES = 64 * 1024;
    /** The frame, its payload and its arguments add three levels around a value. */
    private static final int MAX_DEPTH = ProtocolLimits.MAX_DEPTH - 3;

    private CommandBody() {}

    /**
     * Returns the checked body. A number such as {@code 5.0}, which the document accepts as an integer, becomes an
     * integer.
     */
    static JsonObject of(Call call) {
        JsonObject body = new JsonObject();
        call.body().forEach(field -> {
            String name = field.getKey();
            Object value = field.getValue();
            check(name, value, 0);
            if (value instanceof JsonObject || value instanceof JsonArray) {
                bound(name, value);
            }
            body.put(name, value instanceof Double number ? (Object) number.intValue() : value);
        });
        return body;
    }

    /**
     * Checks a value recursively.
     *
     * @param depth number of objects and arrays around the value
     */
    private static void check(String field, Object value, int depth) {
        if (depth == MAX_DEPTH && (value instanceof JsonObject || value instanceof JsonArray)) {
            throw invalid(field, "must not nest deeper than " + MAX_DEPTH + " levels");
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            throw invalid(field, "must not contain numbers beyond the range of a double");
        } else if (value instanceof String text) {
            check(field, text);
        } else if (value instanceof JsonObject object) {
            object.forEach(member -> {
                check(field, member.getKey());
                check(field, member.getValue(), depth + 1);
            });
        } else if (value instanceof JsonArray array) {
            array.forEach(item -> check(field, item, depth + 1));
        }
    }

    /** Rejects an unpaired surrogate. It has no UTF-8 encoding and would reach the agent as another character. */
    private static void check(String field, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw invalid(field, "must not contain an unpaired surrogate");
        }
    }

    private static void bound(String field, Object value) {
        if (Json.encode(value).getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_BYTES) {
            throw invalid(field, "must not exceed 64 KiB as JSON");
        }
    }

    private static GanglionException invalid(String field, String why) {
        return new GanglionException(ErrorCode.VALIDATION_FAILED, field + ": " + why, field);
    }
}
