package dev.ganglion.projection.run;

import dev.ganglion.protocol.json.ByteWords;
import dev.ganglion.protocol.json.CanonicalStringReader;
import dev.ganglion.protocol.json.Json;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Shares the texts that many events repeat, such as names of tasks, queues and workers, so that reading one of them
 * again allocates nothing. Holds a fixed number of texts; a new text replaces another one. Not thread-safe.
 */
public final class TextPool {
    private static final int SLOT_BITS = 12;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;
    /** Longer texts are rarely repeated, so they are not shared. */
    private static final int MAX_LENGTH = 128;

    private final @Nullable RecordText[] texts = new @Nullable RecordText[SLOTS];
    /** The canonical JSON of each text. */
    private final byte[][] sources = new byte[SLOTS][];

    /** Returns the text of the canonical JSON string at {@code [start, end)}, which includes the quotes. */
    public String text(byte[] bytes, int start, int end) {
        return recordText(bytes, start, end).toString();
    }

    /** Returns the same text, as a record holds it. */
    RecordText recordText(byte[] bytes, int start, int end) {
        if (end - start - 2 > MAX_LENGTH) {
            return new RecordText(CanonicalStringReader.decode(bytes, start, end));
        }
        int slot = slot(bytes, start, end);
        RecordText text = texts[slot];
        if (text == null || !Arrays.equals(bytes, start, end, sources[slot], 0, sources[slot].length)) {
            text = new RecordText(CanonicalStringReader.decode(bytes, start, end));
            texts[slot] = text;
            sources[slot] = Arrays.copyOfRange(bytes, start, end);
        }
        return text;
    }

    /** Returns an equal text, as a record holds it. */
    RecordText recordText(String text) {
        byte[] json = Json.string(text).utf8();
        return recordText(json, 0, json.length);
    }

    /** Hashes whole words; the last one may overlap the one before. */
    private static int slot(byte[] bytes, int start, int end) {
        if (end - start < Long.BYTES) {
            return (int) TextHash.of(bytes, start, end) & (SLOTS - 1);
        }
        long hash = ByteWords.load(bytes, end - Long.BYTES);
        for (int at = start; at < end - Long.BYTES; at += Long.BYTES) {
            hash = (hash * FACTOR) ^ ByteWords.load(bytes, at);
        }
        return (int) ((hash * FACTOR) >>> (Long.SIZE - SLOT_BITS));
    }
}
