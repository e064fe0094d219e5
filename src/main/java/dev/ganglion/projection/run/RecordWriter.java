package dev.ganglion.projection.run;

import dev.ganglion.protocol.json.ByteWords;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes binary records into an array that grows. One instance writes many records in turn. Not thread-safe. */
public final class RecordWriter {
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MORE = 0x80;
    private static final int VARINT_MAX = 10;
    private static final int USUAL_BYTES = 512;

    private byte[] out = new byte[USUAL_BYTES];
    private int at;

    /** Removes all bytes. */
    public void clear() {
        at = 0;
    }

    /** The number of bytes so far. */
    public int size() {
        return at;
    }

    /** Returns a copy of the bytes so far. */
    public byte[] toBytes() {
        return Arrays.copyOf(out, at);
    }

    private void reserve(int more) {
        if (out.length - at < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, at + more));
        }
    }

    /** Writes the low eight bits. */
    public void bits(int value) {
        reserve(1);
        out[at++] = (byte) value;
    }

    /** Writes a number from 0 on; small numbers take fewer bytes. */
    void number(long value) {
        reserve(VARINT_MAX);
        long rest = value;
        while (rest >>> VARINT_BITS != 0) {
            out[at++] = (byte) (rest | VARINT_MORE);
            rest >>>= VARINT_BITS;
        }
        out[at++] = (byte) rest;
    }

    /** Writes any number; numbers near 0 take fewer bytes. */
    void signed(long value) {
        number((value << 1) ^ (value >> (Long.SIZE - 1)));
    }

    /** Writes a hash of {@link TextHash#BITS} bits. */
    void hash(long value) {
        reserve(Long.BYTES);
        ByteWords.store(out, at, value);
        at += TextHash.BITS / Byte.SIZE;
    }

    void word(long value) {
        reserve(Long.BYTES);
        ByteWords.store(out, at, value);
        at += Long.BYTES;
    }

    /** Writes a text. A UUID takes 17 bytes. */
    void text(String text) {
        if (UuidBits.isUuid(text)) {
            number(1);
            word(UuidBits.high(text));
            word(UuidBits.low(text));
        } else {
            bytes(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Writes a text whose encoding is known. */
    void text(RecordText text) {
        raw(text.encoded());
    }

    /** Writes a text in UTF-8. */
    void bytes(byte[] utf8) {
        number((long) utf8.length << 1);
        raw(utf8);
    }

    /** Writes these bytes, without their number. */
    public void raw(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, out, at, bytes.length);
        at += bytes.length;
    }

    /** Packs a UUID, a text in lower case with dashes, into two words. */
    private static final class UuidBits {
        private static final int LENGTH = 36;
        private static final int MIDDLE = 18;

        private UuidBits() {}

        /** Whether the text is a UUID in lower case with dashes. */
        private static boolean isUuid(String text) {
            if (text.length() != LENGTH) {
                return false;
            }
            for (int i = 0; i < LENGTH; i++) {
                char c = text.charAt(i);
                boolean fits = isDash(i) ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                if (!fits) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isDash(int i) {
            return i == 8 || i == 13 || i == 18 || i == 23;
        }

        private static long high(String uuid) {
            return word(uuid, 0, MIDDLE);
        }

        private static long low(String uuid) {
            return word(uuid, MIDDLE, LENGTH);
        }

        private static long word(String uuid, int from, int to) {
            long word = 0;
            for (int i = from; i < to; i++) {
                char c = uuid.charAt(i);
                if (c != '-') {
                    word = word << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
                }
            }
            return word;
        }
    }
}
