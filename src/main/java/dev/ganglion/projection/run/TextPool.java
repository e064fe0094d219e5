package dev.ganglion.projection.run;

import dev.ganglion.protocol.json.CanonicalStringReader;
import org.jspecify.annotations.Nullable;

/**
 * Shares the texts that many events repeat, such as names of tasks, queues and workers, so that reading one of them
 * again allocates nothing. Holds a fixed number of texts; a new text replaces another one. Not thread-safe.
 */
public final class TextPool {
    private static final int SLOTS = 4_096;
    /** Longer texts are rarely repeated, so they are not shared. */
    private static final int MAX_LENGTH = 128;

    private final @Nullable String[] texts = new @Nullable String[SLOTS];

    /** Returns the text of the canonical JSON string at {@code [start, end)}, which includes the quotes. */
    public String text(byte[] bytes, int start, int end) {
        if (end - start - 2 > MAX_LENGTH) {
            return CanonicalStringReader.decode(bytes, start, end);
        }
        int hash = 0;
        for (int i = start + 1; i < end - 1; i++) {
            hash = hash * 31 + bytes[i];
        }
        int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
        String text = texts[slot];
        // Equal bytes are an equal text: a text with escapes or non-ASCII characters has other characters than bytes.
        if (text == null || !CanonicalStringReader.is(bytes, start, end, text)) {
            text = CanonicalStringReader.decode(bytes, start, end);
            texts[slot] = text;
        }
        return text;
    }
}
