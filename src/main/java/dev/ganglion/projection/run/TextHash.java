package dev.ganglion.projection.run;

import dev.ganglion.protocol.json.ByteWords;
import java.nio.charset.StandardCharsets;

/**
 * Hashes ids to {@value #BITS} bits. Records keep these hashes, so the functions never change.
 *
 * <p>Hashes only tell the reports of one task apart, so a collision needs millions of reports of one task.
 */
public final class TextHash {
    static final int BITS = 48;

    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;
    private static final long SEED = 0xCBF2_9CE4_8422_2325L;

    private TextHash() {}

    /** Hashes the UTF-8 bytes of a text. */
    public static long of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    /** Hashes the bytes {@code [start, end)}. */
    static long of(byte[] bytes, int start, int end) {
        long hash = SEED;
        int at = start;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = mix(hash ^ ByteWords.load(bytes, at));
        }
        for (; at < end; at++) {
            hash = mix(hash ^ (bytes[at] & 0xFF));
        }
        return mix(hash ^ end - start) >>> (Long.SIZE - BITS);
    }

    private static long mix(long word) {
        long product = word * FACTOR;
        return product ^ (product >>> 32);
    }
}
