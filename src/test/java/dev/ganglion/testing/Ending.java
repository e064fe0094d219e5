package dev.ganglion.testing;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * How a connection ended, as the agent saw it.
 *
 * @param code the close code; 1006 when the brain hung up without one
 * @param reason the close frame's text
 * @param errors payloads of the signed frames that announced it
 * @param bytesAfter what the brain wrote after its close frame
 */
public record Ending(int code, String reason, List<JsonObject> errors, int bytesAfter) {
    /** The code of the one fatal error before the close; "" when there was none. */
    public String fatalError() {
        if (errors.isEmpty()) {
            return "";
        }
        JsonObject last = errors.get(errors.size() - 1);
        if (errors.size() > 1 || !last.getBoolean("fatal")) {
            throw new AssertionError("more than one error, or one that is not fatal: " + errors);
        }
        return last.getString("code");
    }

    /** Code, error and what came after, in one word to compare. */
    @Override
    public String toString() {
        return code + " " + fatalError() + (bytesAfter == 0 ? "" : " and " + bytesAfter + " bytes more");
    }
}
