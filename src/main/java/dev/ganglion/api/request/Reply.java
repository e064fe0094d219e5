package dev.ganglion.api.request;

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
public record Reply(int status, @Nullable Buffer body, Map<CharSequence, String> headers) {
    public Reply(int status, @Nullable Buffer body) {
        this(status, body, Map.of());
    }

    /** Returns a copy with this header as the only additional one. */
    public Reply with(CharSequence header, String value) {
        return new Reply(status, body, Map.of(header, value));
    }

    public static Reply ok(JsonObject body) {
        return new Reply(200, body.toBuffer());
    }

    public static Reply ok(Buffer body) {
        return new Reply(200, body);
    }

    public static Reply created(JsonObject body) {
        return new Reply(201, body.toBuffer());
    }

    public static Reply accepted(JsonObject body) {
        return new Reply(202, body.toBuffer());
    }

    public static Reply noContent() {
        return new Reply(204, null);
    }
}
