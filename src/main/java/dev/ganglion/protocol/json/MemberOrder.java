package dev.ganglion.protocol.json;

import java.util.Arrays;

/**
 * Sorts the members of an object by unescaped key, in code point order. If a key occurs more than once, its last member
 * wins.
 *
 * <p>UTF-8 bytes compare like code points if they are compared as unsigned. The sort is a merge sort: no object takes
 * more than n log n comparisons. The sort is stable, so the last of several equal keys on the wire stays last.
 */
final class MemberOrder {
    static final int[] ALREADY_SORTED = {};

    private static final int INITIAL_CAPACITY = 32;
    private static final int MAX_KEPT_CAPACITY = 4096;

    private final Tape tape;
    private int[] places = new int[INITIAL_CAPACITY];
    private int[] spare = new int[INITIAL_CAPACITY];
    private int size;

    MemberOrder(Tape tape) {
        this.tape = tape;
    }

    /**
     * Returns the positions of the remaining members in sorted order, or {@link #ALREADY_SORTED} if the members are
     * already sorted. The array is valid until the next call.
     */
    int[] of(long[] stack, int base, int count) {
        if (isAscending(stack, base, count)) {
            return ALREADY_SORTED;
        }
        reserve(count);
        for (int i = 0; i < count; i++) {
            places[i] = i;
        }
        mergeSort(stack, base, count);
        dropOverridden(stack, base, count);
        return places;
    }

    /** Number of remaining members of the object that was sorted last. */
    int size() {
        return size;
    }

    private void reserve(int count) {
        if (places.length < count || (places.length > MAX_KEPT_CAPACITY && count <= MAX_KEPT_CAPACITY)) {
            int capacity = Math.max(INITIAL_CAPACITY, count + (count >> 1));
            places = new int[capacity];
            spare = new int[capacity];
        }
    }

    private boolean isAscending(long[] stack, int base, int count) {
        for (int i = 1; i < count; i++) {
            if (compare(stack, base, i - 1, i) >= 0) {
                return false;
            }
        }
        return true;
    }

    private void mergeSort(long[] stack, int base, int count) {
        int[] from = places;
        int[] to = spare;
        for (int width = 1; width < count; width *= 2) {
            for (int left = 0; left < count; left += 2 * width) {
                int middle = Math.min(left + width, count);
                int right = Math.min(left + 2 * width, count);
                int i = left;
                int j = middle;
                for (int k = left; k < right; k++) {
                    boolean takeLeft = i < middle && (j >= right || compare(stack, base, from[i], from[j]) <= 0);
                    to[k] = takeLeft ? from[i++] : from[j++];
                }
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        places = from;
        spare = to;
    }

    private void dropOverridden(long[] stack, int base, int count) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            boolean overridden = i + 1 < count && compare(stack, base, places[i], places[i + 1]) == 0;
            if (!overridden) {
                places[kept++] = places[i];
            }
        }
        size = kept;
    }

    private int compare(long[] stack, int base, int first, int second) {
        return compareKeys(stack[base + first * Tape.MEMBER], stack[base + second * Tape.MEMBER]);
    }

    /** Compares two keys, given as slices of the tape with quotes, by their unescaped bytes. */
    private int compareKeys(long a, long b) {
        int startA = Tape.first(a);
        int startB = Tape.first(b);
        byte[] bytes = tape.bytes;
        int sideStart = tape.length;
        int aStart = startA < sideStart ? startA + 1 : CanonicalStrings.unescapedStart(bytes, startA);
        int aEnd = startA < sideStart ? Tape.second(a) - 1 : CanonicalStrings.unescapedEnd(startA);
        int bStart = startB < sideStart ? startB + 1 : CanonicalStrings.unescapedStart(bytes, startB);
        int bEnd = startB < sideStart ? Tape.second(b) - 1 : CanonicalStrings.unescapedEnd(startB);
        return Arrays.compareUnsigned(bytes, aStart, aEnd, bytes, bStart, bEnd);
    }
}
