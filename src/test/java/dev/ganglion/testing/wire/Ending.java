package dev.ganglion.testing.wire;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Describes how a connection ended, as the agent saw it.
 *
 * @param code close code; 1006 if the brain closed the connection without a close frame
 * @param reason text of the close frame
 * @param errors payloads of the signed error frames before the close
 * @param bytesAfter number of bytes that the brain wrote after its close frame
 */
public record Ending(int code, String reason, List<JsonObject> errors, int bytesAfter) {
    /** Returns the code of the only, fatal error before the close, or "" if there was none. */
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

    /** Formats the code, the error and the number of trailing bytes as one text for comparison. */
    @Override
    public String toString() {
        return code + " " + fatalError() + (bytesAfter == 0 ? "" : " and " + bytesAfter + " bytes more");
    }
}
