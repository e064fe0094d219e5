package dev.ganglion.projection.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Hashes the key of a task to 64 bits: SipHash-2-4 of its UTF-8 bytes, with a fixed key. The hash is stored, so it is
 * the same in every version. Among 10 million tasks, two share a hash with a probability of about 1 in 370,000; all
 * users of the hash compare the keys as well.
 */
public final class IdHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long KEY0 = 0x0706050403020100L;
    private static final long KEY1 = 0x0f0e0d0c0b0a0908L;
    private static final int WORD = Long.BYTES;
    private static final int END_ROUNDS = 4;

    private long v0 = 0x736f6d6570736575L ^ KEY0;
    private long v1 = 0x646f72616e646f6dL ^ KEY1;
    private long v2 = 0x6c7967656e657261L ^ KEY0;
    private long v3 = 0x7465646279746573L ^ KEY1;

    private IdHash() {}

    /** Returns the hash of a task's key, which is the text of a {@code SubjectKey}. */
    public static long of(String key) {
        return of(key.getBytes(StandardCharsets.UTF_8));
    }

    static long of(byte[] bytes) {
        return new IdHash().hash(bytes);
    }

    private long hash(byte[] bytes) {
        int whole = bytes.length - bytes.length % WORD;
        for (int at = 0; at < whole; at += WORD) {
            add((long) LONG.get(bytes, at));
        }
        long last = (long) bytes.length << (Long.SIZE - Byte.SIZE);
        for (int at = whole; at < bytes.length; at++) {
            last |= (bytes[at] & 0xFFL) << (Byte.SIZE * (at - whole));
        }
        add(last);
        v2 ^= 0xFF;
        for (int i = 0; i < END_ROUNDS; i++) {
            round();
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void add(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    @SuppressWarnings("checkstyle:MagicNumber")
    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
