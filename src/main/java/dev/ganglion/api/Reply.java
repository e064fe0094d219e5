package dev.ganglion.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param status HTTP status
 * @param body JSON; null for none
 */
record Reply(int status, @Nullable Buffer body) {
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
