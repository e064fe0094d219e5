package dev.ganglion.protocol.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Loads, stores, compares and scans byte arrays eight bytes at a time. */
public final class ByteWords {
    /** Minimum number of spare bytes at the end of every array that is read or copied in words. */
    public static final int SLACK = 64;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    private ByteWords() {}

    /** Loads eight bytes, the lowest first. */
    public static long load(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /** Stores eight bytes, the lowest first. */
    public static void store(byte[] bytes, int at, long word) {
        LONG.set(bytes, at, word);
    }

    public static void storeInt(byte[] bytes, int at, int word) {
        INT.set(bytes, at, word);
    }

    /**
     * Marks the bytes that end a run of plain string characters: quotes, backslashes, control characters and non-ASCII
     * bytes. Their marks are 0x80, all other marks are 0.
     *
     * <p>Flipping the second bit moves the quote next to the control characters, so that one comparison finds both. The
     * loop has no branches, so that the compiler can vectorise it.
     */
    static void markStops(byte[] bytes, byte[] marks, int count) {
        for (int i = 0; i < count; i++) {
            int c = bytes[i];
            marks[i] = (byte) (((c ^ 0x02) - 0x21 | (c ^ '\\') - 1 | c) & 0x80);
        }
    }

    /** Returns the position of the first mark from {@code start} on. The caller guarantees that there is a mark. */
    static int firstMark(byte[] marks, int start) {
        int p = start;
        long some = load(marks, p);
        while (some == 0) {
            p += Long.BYTES;
            some = load(marks, p);
        }
        return p + (Long.numberOfTrailingZeros(some) >>> 3);
    }

    /**
     * Returns the position of the first quote or backslash from {@code start} on. The caller guarantees that there is
     * one. The array needs no slack.
     */
    public static int firstQuoteOrBackslash(byte[] bytes, int start) {
        int p = start;
        for (; p <= bytes.length - Long.BYTES; p += Long.BYTES) {
            long word = load(bytes, p);
            long found = zeroBytes(word ^ QUOTES) | zeroBytes(word ^ BACKSLASHES);
            if (found != 0) {
                return p + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (bytes[p] != '"' && bytes[p] != '\\') {
            p++;
        }
        return p;
    }

    /** Marks the bytes that are 0. Only the lowest mark is exact. */
    private static long zeroBytes(long word) {
        return (word - ONES) & ~word & HIGHS;
    }

    /** A mask of the low {@code count} bytes of a word; {@code count} is 1 to 8. */
    public static long lowBytes(int count) {
        return -1L >>> (Long.SIZE - Byte.SIZE * count);
    }

    /** Whether {@code length} bytes at both positions are equal. Both arrays must have slack. */
    static boolean same(byte[] a, int atA, byte[] b, int atB, int length) {
        int left = length;
        int i = atA;
        int j = atB;
        while (left >= Long.BYTES) {
            if (load(a, i) != load(b, j)) {
                return false;
            }
            i += Long.BYTES;
            j += Long.BYTES;
            left -= Long.BYTES;
        }
        return left == 0 || ((load(a, i) ^ load(b, j)) & lowBytes(left)) == 0;
    }

    /**
     * Copies bytes forward. Both arrays must have slack: up to {@link #SLACK} bytes after the copy may be overwritten.
     *
     * <p>Short copies, which are by far the most frequent, take a few word moves instead of a call.
     */
    static void copy(byte[] from, int start, byte[] to, int at, int length) {
        if (length > 64) {
            System.arraycopy(from, start, to, at, length);
            return;
        }
        store(to, at, load(from, start));
        store(to, at + 8, load(from, start + 8));
        if (length > 16) {
            store(to, at + 16, load(from, start + 16));
            store(to, at + 24, load(from, start + 24));
            if (length > 32) {
                store(to, at + 32, load(from, start + 32));
                store(to, at + 40, load(from, start + 40));
                store(to, at + 48, load(from, start + 48));
                store(to, at + 56, load(from, start + 56));
            }
        }
    }
}
