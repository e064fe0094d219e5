package dev.ganglion.projection.run;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes a binary record. Without an array, it only counts the bytes, so that a record is written into an array of
 * exactly its size.
 */
final class RecordWriter {
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MORE = 0x80;

    private final byte @Nullable [] out;
    private int at;

    /** Creates a writer that counts. */
    RecordWriter() {
        this.out = null;
    }

    RecordWriter(byte[] out) {
        this.out = out;
    }

    /** The number of bytes so far. */
    int size() {
        return at;
    }

    /** Writes the low eight bits. */
    void bits(int value) {
        if (out != null) {
            out[at] = (byte) value;
        }
        at++;
    }

    /** Writes a number from 0 on; small numbers take fewer bytes. */
    void number(long value) {
        if (out == null) {
            at += (Long.SIZE + VARINT_BITS - 1 - Long.numberOfLeadingZeros(value | 1)) / VARINT_BITS;
            return;
        }
        long rest = value;
        while (rest >>> VARINT_BITS != 0) {
            bits((int) rest | VARINT_MORE);
            rest >>>= VARINT_BITS;
        }
        bits((int) rest);
    }

    /** Writes any number; numbers near 0 take fewer bytes. */
    void signed(long value) {
        number((value << 1) ^ (value >> (Long.SIZE - 1)));
    }

    /** Writes a hash of {@link TextHash#BITS} bits. */
    void hash(long value) {
        for (int shift = 0; shift < TextHash.BITS; shift += Byte.SIZE) {
            bits((int) (value >>> shift));
        }
    }

    void word(long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bits((int) (value >>> shift));
        }
    }

    /** Writes a text. A UUID takes 17 bytes. */
    void text(String text) {
        if (UuidBits.isUuid(text)) {
            number(1);
            word(UuidBits.high(text));
            word(UuidBits.low(text));
            return;
        }
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) >= 0x80) {
                bytes(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
        }
        number((long) length << 1);
        for (int i = 0; out != null && i < length; i++) {
            out[at + i] = (byte) text.charAt(i);
        }
        at += length;
    }

    /** Writes a text in UTF-8. */
    void bytes(byte[] utf8) {
        number((long) utf8.length << 1);
        if (out != null) {
            System.arraycopy(utf8, 0, out, at, utf8.length);
        }
        at += utf8.length;
    }
}
