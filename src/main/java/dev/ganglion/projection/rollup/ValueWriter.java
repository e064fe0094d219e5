package dev.ganglion.projection.rollup;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes compact binary values. Small numbers take one byte. The writer can be used again after {@link #take}. */
final class ValueWriter {
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MORE = 0x80;
    private static final int FIRST_SIZE = 256;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int size;

    void bits(int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, size * 2);
        }
        bytes[size++] = (byte) value;
    }

    /** Writes a number; negative numbers take ten bytes. */
    void number(long value) {
        long left = value;
        while ((left & -VARINT_MORE) != 0) {
            bits((int) left | VARINT_MORE);
            left >>>= VARINT_BITS;
        }
        bits((int) left);
    }

    /** Writes a number that may be negative. */
    void signed(long value) {
        number((value << 1) ^ (value >> (Long.SIZE - 1)));
    }

    void word(long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bits((int) (value >>> shift));
        }
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        for (byte b : utf8) {
            bits(b);
        }
    }

    /** Returns what was written, and empties the writer. */
    byte[] take() {
        byte[] written = Arrays.copyOf(bytes, size);
        size = 0;
        return written;
    }
}
