package dev.ganglion.projection.run;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Reads what a {@link RecordWriter} wrote. */
final class RecordReader {
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MASK = 0x7F;

    private final byte[] bytes;
    private int at;

    RecordReader(byte[] bytes) {
        this.bytes = bytes;
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

    long hash() {
        return word(TextHash.BITS);
    }

    long word() {
        return word(Long.SIZE);
    }

    private long word(int bits) {
        long value = 0;
        for (int shift = 0; shift < bits; shift += Byte.SIZE) {
            value |= (long) bits() << shift;
        }
        return value;
    }

    String text() {
        int header = size();
        if (header == 1) {
            return new UUID(word(), word()).toString();
        }
        int start = at;
        at += header >>> 1;
        return new String(bytes, start, header >>> 1, StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        int length = size() >>> 1;
        int start = at;
        at += length;
        return Arrays.copyOfRange(bytes, start, at);
    }
}
