package dev.ganglion.protocol;

import java.util.Arrays;

/**
 * Sorts the members of an object by their unescaped keys, code point by code point, and lets the last of equal keys win.
 *
 * <p>UTF-8 compares like code points when its bytes are taken as unsigned. The sort is a merge sort, so that no object
 * is worse than n log n, and it is stable, so that among equal keys the last one on the wire comes last.
 */
final class MemberOrder {
    static final int[] AS_THEY_STAND = {};

    private static final int FIRST = 32;
    private static final int KEPT = 4096;

    private final Tape tape;
    private int[] places = new int[FIRST];
    private int[] spare = new int[FIRST];
    private int size;

    MemberOrder(Tape tape) {
        this.tape = tape;
    }

    /** The places, in sorted order, of the members that stay, or {@link #AS_THEY_STAND} if that is how they came; valid until the next call. */
    int[] of(long[] stack, int base, int count) {
        if (isAscending(stack, base, count)) {
            return AS_THEY_STAND;
        }
        reserve(count);
        for (int i = 0; i < count; i++) {
            places[i] = i;
        }
        mergeSort(stack, base, count);
        dropOverridden(stack, base, count);
        return places;
    }

    /** How many members are left of the object that was sorted last. */
    int size() {
        return size;
    }

    private void reserve(int count) {
        if (places.length < count || (places.length > KEPT && count <= KEPT)) {
            int capacity = Math.max(FIRST, count + (count >> 1));
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

    /** Compares two keys of the tape, given as their slices with quotes, by what they say. */
    private int compareKeys(long a, long b) {
        int startA = Tape.first(a);
        int startB = Tape.first(b);
        byte[] bytes = tape.bytes;
        int sideStart = tape.length;
        int aStart = startA < sideStart ? startA + 1 : TextForm.unescapedStart(bytes, startA);
        int aEnd = startA < sideStart ? Tape.second(a) - 1 : TextForm.unescapedEnd(startA);
        int bStart = startB < sideStart ? startB + 1 : TextForm.unescapedStart(bytes, startB);
        int bEnd = startB < sideStart ? Tape.second(b) - 1 : TextForm.unescapedEnd(startB);
        return Arrays.compareUnsigned(bytes, aStart, aEnd, bytes, bStart, bEnd);
    }
}
