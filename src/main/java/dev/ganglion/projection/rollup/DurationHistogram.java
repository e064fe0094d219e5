package dev.ganglion.projection.rollup;

import java.util.Arrays;

/**
 * Counts durations in buckets whose width grows with the duration. Durations below {@value #EXACT} ms have a bucket per
 * millisecond. Each further power of two has {@value #PARTS} buckets, so a percentile, which is the middle of a bucket,
 * differs from the true value by at most 1/32, that is 3.2 %. Durations from 2³² ms (49 days) on share the last bucket.
 *
 * <p>Histograms of disjoint sets add up. A count may be negative while a correction precedes what it corrects; readers
 * take it as 0. Not thread-safe.
 */
public final class DurationHistogram {
    /** Durations below this have a bucket each, in milliseconds. */
    static final int EXACT = 32;
    /** Number of buckets for each power of two. */
    static final int PARTS = 16;

    private static final int PART_BITS = 4;
    private static final int MOST_BITS = 32;
    private static final long LONGEST = (1L << MOST_BITS) - 1;
    private static final int HEAP = 48;
    private static final int ENTRY_HEAP = 6;
    private static final int FIRST_SIZE = 8;

    private short[] buckets = new short[FIRST_SIZE];
    private int[] counts = new int[FIRST_SIZE];
    private int size;

    /** Adds a duration, in milliseconds; negative ones count as 0. */
    public void add(long durationMs, int by) {
        addTo(bucket(durationMs), by);
    }

    /** Adds all counts of another histogram. */
    public void add(DurationHistogram other) {
        int at = 0;
        for (int i = 0; i < other.size; i++) {
            int bucket = other.buckets[i];
            while (at < size && buckets[at] < bucket) {
                at++;
            }
            addAt(at, bucket, other.counts[i]);
        }
    }

    private void addTo(int bucket, int by) {
        int found = Arrays.binarySearch(buckets, 0, size, (short) bucket);
        addAt(found < 0 ? -found - 1 : found, bucket, by);
    }

    /** Adds to a bucket at its position, or inserts the bucket there. */
    private void addAt(int at, int bucket, int by) {
        if (at < size && buckets[at] == bucket) {
            counts[at] += by;
            return;
        }
        if (size == buckets.length) {
            buckets = Arrays.copyOf(buckets, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        System.arraycopy(buckets, at, buckets, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        buckets[at] = (short) bucket;
        counts[at] = by;
        size++;
    }

    /** Number of durations. */
    public long count() {
        long all = 0;
        for (int i = 0; i < size; i++) {
            all += Math.max(0, counts[i]);
        }
        return all;
    }

    /**
     * The duration that a share of all durations does not exceed, in milliseconds.
     *
     * @param share from 0 to 1, such as 0.95
     * @return -1 if the histogram is empty
     */
    public long percentile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count()));
        long seen = 0;
        for (int i = 0; i < size; i++) {
            seen += Math.max(0, counts[i]);
            if (seen >= rank) {
                return middle(buckets[i]);
            }
        }
        return -1;
    }

    /** The longest duration, in milliseconds; -1 if the histogram is empty. */
    public long longest() {
        return percentile(1);
    }

    static int bucket(long durationMs) {
        long value = Math.max(0, Math.min(durationMs, LONGEST));
        if (value < EXACT) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - PART_BITS;
        return (shift << PART_BITS) + (int) (value >>> shift);
    }

    static long middle(int bucket) {
        if (bucket < EXACT) {
            return bucket;
        }
        int shift = (bucket >> PART_BITS) - 1;
        long first = (long) (bucket - (shift << PART_BITS)) << shift;
        return first + (1L << shift) / 2;
    }

    boolean isEmpty() {
        for (int i = 0; i < size; i++) {
            if (counts[i] != 0) {
                return false;
            }
        }
        return true;
    }

    int bytes() {
        return HEAP + buckets.length * ENTRY_HEAP;
    }

    /** Writes the buckets whose count is not 0. */
    void encode(ValueWriter out) {
        int used = 0;
        for (int i = 0; i < size; i++) {
            used += counts[i] == 0 ? 0 : 1;
        }
        out.number(used);
        int before = 0;
        for (int i = 0; i < size; i++) {
            if (counts[i] != 0) {
                out.number(buckets[i] - before);
                out.signed(counts[i]);
                before = buckets[i];
            }
        }
    }

    /** Adds the counts of an encoded histogram. */
    void merge(ValueReader in) {
        int bucket = 0;
        for (int left = in.size(); left > 0; left--) {
            bucket += in.size();
            addTo(bucket, (int) in.signed());
        }
    }
}
