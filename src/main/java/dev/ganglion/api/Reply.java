package dev.ganglion.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The response to a REST request.
 *
 * @param status HTTP status
 * @param body JSON body; null for none
 * @param headers additional headers
 */
record Reply(int status, @Nullable Buffer body, Map<CharSequence, String> headers) {
    Reply(int status, @Nullable Buffer body) {
        this(status, body, Map.of());
    }

    /** Returns a copy with this header as the only additional one. */
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
