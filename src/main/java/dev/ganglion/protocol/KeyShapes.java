package dev.ganglion.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the sequences of keys that objects had, so that an object like an earlier one needs neither a scan of its
 * keys nor a sort.
 *
 * <p>A tree per depth: a child is the next key as it stood on the wire, from the brace or comma before it to where its
 * value starts. Following it is one comparison of bytes; nothing is assumed that the bytes at hand do not say. An object
 * that ends where one ended before takes its order over. What is kept is bounded, and forgotten as a whole when it no
 * longer fits what arrives.
 *
 * <p>All of a shape is in one record of eight longs, and the shape is the record's place: the first 16 bytes of its
 * text as two words, each with a mask of the bytes that there are (those of longer texts, and of what is no shape, fit
 * nothing); its next sibling and its first child; its text's place, and in a byte each what {@link #flaws} and
 * {@link #length} tell; and what {@link #key} tells.
 */
final class KeyShapes {
    static final int NONE = -1;

    private static final int RECORD = 8;
    private static final int LINKS = 4;
    private static final int FORM = 5;
    private static final int KEY = 6;
    private static final int START = 2 * Long.BYTES;
    private static final int ROOTS = 16;
    private static final int MAX_SHAPES = 1 << 10;
    private static final int MAX_CHILDREN = 8;
    private static final int MAX_TEXT = 64;
    private static final int MAX_BYTES = 32 << 10;
    private static final int MISSES_BEFORE_RESET = 1 << 14;

    private long[] records = new long[2 * ROOTS * RECORD];
    private int[] @Nullable [] orders = new int[2 * ROOTS][];
    private byte[] texts = new byte[512 + Words.SLACK];
    private int textsEnd;
    private int size = ROOTS;
    private int misses;

    KeyShapes() {
        neverFits(0);
    }

    /** Where objects of that depth (from 1) start, or {@link #NONE} so deep that it does not pay. */
    static int root(int depth) {
        return depth <= ROOTS ? (depth - 1) * RECORD : NONE;
    }

    /** Between documents is the time to forget: nobody holds a shape then. */
    void beforeDocument() {
        if (misses > MISSES_BEFORE_RESET) {
            Arrays.fill(records, 0, ROOTS * RECORD, 0);
            neverFits(0);
            Arrays.fill(orders, null);
            size = ROOTS;
            textsEnd = 0;
            misses = 0;
        }
    }

    /** All shapes, for the methods that take them; until the next {@link #learn}. */
    long[] records() {
        return records;
    }

    /** The shape that most likely comes after another; one that never fits if there is none. */
    static int firstChild(long[] records, int shape) {
        return Tape.second(records[shape + LINKS]);
    }

    /** Whether the short key of that shape, whose separator is at {@code p}, is what is there. */
    static boolean fits(long[] records, int shape, byte[] bytes, int p) {
        long first = (Words.load(bytes, p) ^ records[shape]) & records[shape + 1];
        long second = (Words.load(bytes, p + Long.BYTES) ^ records[shape + 2]) & records[shape + 3];
        return (first | second) == 0;
    }

    /** The shape after the key whose separator is at {@code p}, or {@link #NONE} if that key is new here. */
    int other(int shape, byte[] bytes, int p) {
        int child = firstChild(records, shape);
        while (child != 0) {
            if (fits(records, child, bytes, p) || (isLong(child) && isSame(child, bytes, p))) {
                return child;
            }
            child = Tape.first(records[child + LINKS]);
        }
        return NONE;
    }

    private boolean isLong(int shape) {
        return length(form(records, shape)) > START;
    }

    private boolean isSame(int shape, byte[] bytes, int p) {
        return Words.same(bytes, p, texts, Tape.first(records[shape + FORM]), length(form(records, shape)));
    }

    /** What there is to know about the text of a shape's key. */
    static int form(long[] records, int shape) {
        return (int) records[shape + FORM];
    }

    /** From the separator to the key's first quote, and to behind its second one. */
    static long key(long[] records, int shape) {
        return records[shape + KEY];
    }

    /** From the separator to the value. */
    static int length(int form) {
        return form & 0xFF;
    }

    /** How often there is white space in it. */
    static int flaws(int form) {
        return form >>> 24;
    }

    /** The order of the members of an object that ends here, if one ended here before. */
    int @Nullable [] order(int shape) {
        return orders[shape / RECORD];
    }

    void remember(int shape, int[] places, int count) {
        boolean asTheyStand = places == MemberOrder.AS_THEY_STAND;
        orders[shape / RECORD] = asTheyStand ? places : Arrays.copyOf(places, count);
    }

    /** Adds, behind a shape, a key at {@code key} to {@code keyEnd}; {@link #NONE} if it is not worth it. */
    int learn(int shape, byte[] bytes, int separator, long key, int value) {
        int length = value - separator;
        boolean usual = bytes[Tape.second(key)] == ':' && length <= MAX_TEXT;
        if (!usual || size == MAX_SHAPES || textsEnd > MAX_BYTES || isCrowded(shape)) {
            misses++;
            return NONE;
        }
        grow();
        int child = size * RECORD;
        size++;
        System.arraycopy(bytes, separator, texts, textsEnd, length);
        int keyStart = Tape.first(key) - separator;
        int keyEnd = Tape.second(key) - separator;
        int flaws = (keyStart > 1 ? 1 : 0) + (length > keyEnd + 1 ? 1 : 0);
        putStart(child, length);
        records[child + LINKS] = Tape.pair(Tape.second(records[shape + LINKS]), 0);
        records[child + FORM] = Tape.pair(textsEnd, flaws << 24 | length);
        records[child + KEY] = Tape.pair(keyStart, keyEnd);
        records[shape + LINKS] = Tape.pair(Tape.first(records[shape + LINKS]), child);
        orders[child / RECORD] = null;
        textsEnd += length;
        return child;
    }

    private void putStart(int child, int length) {
        if (length > START) {
            neverFits(child);
            return;
        }
        int rest = length - Long.BYTES;
        records[child + 1] = rest < 0 ? Words.lowBytes(length) : -1;
        records[child + 3] = rest <= 0 ? 0 : Words.lowBytes(rest);
        records[child] = Words.load(texts, textsEnd) & records[child + 1];
        records[child + 2] = Words.load(texts, textsEnd + Long.BYTES) & records[child + 3];
    }

    /** No separator is a byte of ones. */
    private void neverFits(int shape) {
        Arrays.fill(records, shape, shape + LINKS, -1);
    }

    private boolean isCrowded(int shape) {
        int children = 0;
        int child = Tape.second(records[shape + LINKS]);
        while (child != 0) {
            children++;
            child = Tape.first(records[child + LINKS]);
        }
        return children >= MAX_CHILDREN;
    }

    private void grow() {
        if (size * RECORD == records.length) {
            records = Arrays.copyOf(records, 2 * records.length);
            orders = Arrays.copyOf(orders, 2 * orders.length);
        }
        if (texts.length < textsEnd + MAX_TEXT + Words.SLACK) {
            texts = Arrays.copyOf(texts, 2 * texts.length);
        }
    }
}
