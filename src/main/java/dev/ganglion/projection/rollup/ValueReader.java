package dev.ganglion.projection.rollup;

import java.nio.charset.StandardCharsets;

/** Reads what a {@link ValueWriter} wrote. */
final class ValueReader {
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MASK = 0x7F;

    private final byte[] bytes;
    private int at;

    /**
     * Creates a reader of a value that begins with the version of its format.
     *
     * @throws IllegalArgumentException if the version is another one
     */
    ValueReader(byte[] bytes, int version) {
        this.bytes = bytes;
        int found = bits();
        if (found != version) {
            throw new IllegalArgumentException("a stored total has the unknown version " + found);
        }
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    int bits() {
        return bytes[at++] & 0xFF;
    }

    long number() {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes[at++];
            value |= (long) (next & VARINT_MASK) << shift;
            shift += VARINT_BITS;
        } while (next < 0);
        return value;
    }

    /** Reads a number that fits an {@code int}. */
    int size() {
        return Math.toIntExact(number());
    }

    long signed() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }

    long word() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            value |= (long) bits() << shift;
        }
        return value;
    }

    String text() {
        int length = size();
        int start = at;
        at += length;
        return new String(bytes, start, length, StandardCharsets.UTF_8);
    }
}
