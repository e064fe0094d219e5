package dev.ganglion.protocol;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Creates the ids of WebSocket sessions: random UUIDs of version 8, a version that no other id of the brain has. An agent
 * that polls chooses the id of its session itself. The brain refuses ids of this form there, so that a frame signed for a
 * WebSocket session can never be signed for a long-poll session too.
 */
public final class SessionIds {
    private static final long VERSION_BITS = 0xF000;
    private static final long VERSION_8 = 0x8000;
    private static final Pattern FORM = Pattern.compile(
            "[{(]?[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?8[0-9a-fA-F]{3}-?" + "[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}[})]?");

    private SessionIds() {}

    /** Creates an id. */
    public static String random() {
        UUID random = UUID.randomUUID();
        long high = (random.getMostSignificantBits() & ~VERSION_BITS) | VERSION_8;
        return new UUID(high, random.getLeastSignificantBits()).toString();
    }

    /** Whether a text has the form of these ids, in any spelling of a UUID. */
    public static boolean hasForm(String text) {
        return FORM.matcher(text).matches();
    }
}
