package dev.ganglion.store.redis;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Encodes the position at which a page ended as opaque, URL-safe text. */
public final class Cursor {
    private Cursor() {}

    public static String encode(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Decodes a cursor and matches the position against a pattern. Returns null if there is no cursor, and fails with
     * {@code invalid_request} if the cursor is malformed.
     */
    public static @Nullable Matcher decode(@Nullable String cursor, Pattern form) {
        if (cursor == null) {
            return null;
        }
        try {
            String position = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            Matcher matcher = form.matcher(position);
            if (matcher.matches()) {
                return matcher;
            }
        } catch (IllegalArgumentException e) {
            throw malformed(e);
        }
        throw malformed(null);
    }

    private static GanglionException malformed(@Nullable Throwable cause) {
        return new GanglionException(
                ErrorCode.INVALID_REQUEST,
                "cursor: is not valid, send the next_cursor of the previous page unchanged",
                "cursor",
                cause);
    }
}
