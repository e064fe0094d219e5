package dev.ganglion.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes at a time: loads, stores and the questions that scanning asks of them. */
final class Words {
    /** Arrays that are read or copied in words have at least this many spare bytes at their end. */
    static final int SLACK = 64;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    private Words() {}

    static long load(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    static void store(byte[] bytes, int at, long word) {
        LONG.set(bytes, at, word);
    }

    /**
     * Marks, with the high bit of each byte, the bytes that end a run of plain string characters: a quote, a
     * backslash, a control character, anything outside ASCII. Flipping the second bit moves the quote next to the
     * control characters, so that one comparison finds both. Only the lowest mark is exact (a borrow may spill upwards
     * from it), and it is the one that counts.
     */
    static long stringStops(long word) {
        long quoteOrControl = (word ^ 0x02 * ONES) - 0x21 * ONES;
        long backslash = (word ^ '\\' * ONES) - ONES;
        return (quoteOrControl | backslash | word) & HIGHS;
    }

    /** The place, 0 to 7, of the lowest mark, or 8 if there is none. */
    static int firstMark(long marks) {
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }

    /** The low {@code count} bytes, 1 to 8, of a word as a mask. */
    static long lowBytes(int count) {
        return -1L >>> (Long.SIZE - Byte.SIZE * count);
    }

    /** Whether the bytes at both places are equal; both arrays have slack. */
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
     * Copies bytes forward; both arrays have slack, and up to {@link #SLACK} bytes behind the copy may be overwritten.
     * Short copies, by far the most, are a few word moves rather than a call.
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
