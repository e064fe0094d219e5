package dev.ganglion.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param status HTTP status
 * @param body JSON; null for none
 * @param headers more headers
 */
record Reply(int status, @Nullable Buffer body, Map<CharSequence, String> headers) {
    Reply(int status, @Nullable Buffer body) {
        this(status, body, Map.of());
    }

    /** The same with one header. */
    Reply with(CharSequence header, String value) {
        return new Reply(status, body, Map.of(header, value));
    }

    static Reply ok(JsonObject body) {
        return new Reply(200, body.toBuffer());
    }

    static Reply ok(Buffer body) {
        return new Reply(200, body);
    }

    static Reply created(JsonObject body) {
        return new Reply(201, body.toBuffer());
    }

    static Reply accepted(JsonObject body) {
        return new Reply(202, body.toBuffer());
    }

    static Reply noContent() {
        return new Reply(204, null);
    }
}
