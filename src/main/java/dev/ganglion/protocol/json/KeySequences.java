package dev.ganglion.protocol.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the key sequences of earlier objects. An object with a known key sequence needs neither a scan of its keys
 * nor a sort.
 *
 * <p>A <em>shape</em> is the sequence of keys from the start of an object up to some key. The shapes form one tree per
 * depth. A child extends the shape of its parent by one key, exactly as it was on the wire: from the brace or comma
 * before the key to the start of its value. Following a child takes one comparison of bytes, so the tree never assumes
 * anything that the bytes do not show. An object that ends at a known shape reuses the member order of that shape. The
 * memory is bounded; after too many misses the tree is cleared.
 *
 * <p>Each shape is a record of eight longs and is identified by the record's position. Longs 0 to 3 hold the first 16
 * bytes of the key's text as two words, each followed by a mask of the bytes in use. Texts of more than 16 bytes and
 * unused shapes hold a pattern that never matches. Long 4 holds the next sibling and the first child. Long 5 holds the
 * position of the text and, in one byte each, {@link #flaws} and {@link #length}. Long 6 holds {@link #key}.
 */
final class KeySequences {
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
    private byte[] texts = new byte[512 + ByteWords.SLACK];
    private int textsEnd;
    private int size = ROOTS;
    private int misses;

    KeySequences() {
        neverFits(0);
    }

    /**
     * The shape at which objects of this depth (from 1) start, or {@link #NONE} for depths at which remembering does
     * not pay.
     */
    static int root(int depth) {
        return depth <= ROOTS ? (depth - 1) * RECORD : NONE;
    }

    /** Clears the tree after too many misses. Call this method only between documents, when no caller holds a shape. */
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

    /** All shapes, for the static methods. The array is valid until the next {@link #learn}. */
    long[] records() {
        return records;
    }

    /** Returns the shape that most likely follows; if no shape follows, returns one that never matches. */
    static int firstChild(long[] records, int shape) {
        return Tape.second(records[shape + LINKS]);
    }

    /** Whether the bytes at {@code p}, starting with the separator, match the short key of this shape. */
    static boolean fits(long[] records, int shape, byte[] bytes, int p) {
        long first = (ByteWords.load(bytes, p) ^ records[shape]) & records[shape + 1];
        long second = (ByteWords.load(bytes, p + Long.BYTES) ^ records[shape + 2]) & records[shape + 3];
        return (first | second) == 0;
    }

    /**
     * Returns the shape that follows {@code shape} for the key whose separator is at {@code p}, or {@link #NONE} if
     * that key is new.
     */
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
        return ByteWords.same(bytes, p, texts, Tape.first(records[shape + FORM]), length(form(records, shape)));
    }

    /** The length and the flaws of the text of a shape's key, for {@link #length} and {@link #flaws}. */
    static int form(long[] records, int shape) {
        return (int) records[shape + FORM];
    }

    /** Offsets from the separator: to the key's opening quote, and to just after its closing quote. */
    static long key(long[] records, int shape) {
        return records[shape + KEY];
    }

    /** Length in bytes from the separator to the value. */
    static int length(int form) {
        return form & 0xFF;
    }

    /** Number of places with white space between the separator and the value. */
    static int flaws(int form) {
        return form >>> 24;
    }

    /** The order of the members of an object that ends at this shape, or null if no earlier object ended here. */
    int @Nullable [] order(int shape) {
        return orders[shape / RECORD];
    }

    void remember(int shape, int[] places, int count) {
        boolean asTheyStand = places == MemberOrder.ALREADY_SORTED;
        orders[shape / RECORD] = asTheyStand ? places : Arrays.copyOf(places, count);
    }

    /**
     * Adds a child of {@code shape} for the key at the slice {@code key}. Returns the new shape, or {@link #NONE} if
     * the key is unusual or a limit is reached.
     */
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
        records[child + 1] = rest < 0 ? ByteWords.lowBytes(length) : -1;
        records[child + 3] = rest <= 0 ? 0 : ByteWords.lowBytes(rest);
        records[child] = ByteWords.load(texts, textsEnd) & records[child + 1];
        records[child + 2] = ByteWords.load(texts, textsEnd + Long.BYTES) & records[child + 3];
    }

    /** Fills the record with a pattern that never matches: no separator is a byte of ones. */
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
        if (texts.length < textsEnd + MAX_TEXT + ByteWords.SLACK) {
            texts = Arrays.copyOf(texts, 2 * texts.length);
        }
    }
}
