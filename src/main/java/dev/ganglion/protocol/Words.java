package dev.ganglion.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes at a time: loads, stores and the questions that scanning asks of them. */
final class Words {
    /** Arrays that are read or copied in words have at least this many spare bytes at their end. */
    static final int SLACK = 64;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    static long load(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    static void store(byte[] bytes, int at, long word) {
        LONG.set(bytes, at, word);
    }

    static void storeInt(byte[] bytes, int at, int word) {
        INT.set(bytes, at, word);
    }

    /**
     * Marks the bytes that end a run of plain string characters, which are a quote, a backslash, a control character and
     * anything outside ASCII, by 0x80, and all others by 0. Flipping the second bit moves the quote next to the control
     * characters, so that one comparison finds both. Written so that a compiler does it for many bytes at once.
     */
    static void markStops(byte[] bytes, byte[] marks, int count) {
        for (int i = 0; i < count; i++) {
            int c = bytes[i];
            marks[i] = (byte) (((c ^ 0x02) - 0x21 | (c ^ '\\') - 1 | c) & 0x80);
        }
    }

    /** The place of the first mark from {@code start} on; there is one. */
    static int firstMark(byte[] marks, int start) {
        int p = start;
        long some = load(marks, p);
        while (some == 0) {
            p += Long.BYTES;
            some = load(marks, p);
        }
        return p + (Long.numberOfTrailingZeros(some) >>> 3);
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
