package dev.ganglion.agent;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The outcome of a command. */
public record CommandOutcome(
        boolean ok,
        Json result,
        @Nullable String errorCode,
        @Nullable String errorMessage) {
    /** The error code of a command that timed out. */
    public static final String TIMEOUT = "timeout";

    /**
     * Maximum size of a result, in bytes; larger results are cut. Results are meant for people, not for transferring
     * data.
     */
    static final int MAX_RESULT_BYTES = 256 * 1024;

    private static final int CUT_CHARS = 1024;

    public CommandOutcome {
        errorCode = cut(errorCode, ProtocolLimits.MAX_CODE);
        errorMessage = cut(errorMessage, ProtocolLimits.MAX_MESSAGE);
    }

    public static CommandOutcome done(Json result) {
        return new CommandOutcome(true, result, null, null);
    }

    public static CommandOutcome failed(String code, String message) {
        return new CommandOutcome(false, Json.NULL, code, message);
    }

    /**
     * Returns this outcome. Replaces a result of more than {@code bytes} or {@value #MAX_RESULT_BYTES} bytes by an
     * object with its size and its first {@value #CUT_CHARS} characters.
     */
    CommandOutcome cutTo(int bytes) {
        if (result.size() <= Math.min(bytes, MAX_RESULT_BYTES)) {
            return this;
        }
        String text = result.text();
        JsonObject mark =
                new JsonObject().put("cut", true).put("bytes", result.size()).put("start", cut(text, CUT_CHARS));
        Json shorter = Json.parse(mark.encode());
        return new CommandOutcome(ok, shorter.size() <= bytes ? shorter : Json.NULL, errorCode, errorMessage);
    }

    private static @Nullable String cut(@Nullable String text, int most) {
        return text == null || text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most));
    }
}
