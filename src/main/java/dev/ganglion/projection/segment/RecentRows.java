package dev.ganglion.projection.segment;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Keeps the rows of the youngest segments, whose tasks change most often. Rows that are near each other are then written
 * together with the rows between them, which is cheaper than writing each on its own. Not thread-safe.
 */
public final class RecentRows {
    /** Segments whose rows are kept between steps: up to 224 KiB each. */
    static final int SEGMENTS = 2;

    private static final int FIRST_ROWS = 16;

    private final NavigableMap<Long, byte[]> segments = new TreeMap<>();

    /** Keeps the stored rows of a segment, which is younger than all segments before. */
    public void load(long segment, Rows rows) {
        segments.put(segment, rows.bytes());
        settle();
    }

    /** Whether the rows of a segment are kept. */
    public boolean holds(long segment) {
        return segments.containsKey(segment);
    }

    /** Adds a new row, the next one of the youngest segment. */
    public void add(RowPlace place, Rows row) {
        int offset = Rows.offset(place.row());
        byte[] bytes = segments.computeIfAbsent(place.segment(), number -> new byte[FIRST_ROWS * Rows.BYTES]);
        if (offset == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(2 * bytes.length, Rows.offset(SegmentLimits.MOST_ROWS)));
            segments.put(place.segment(), bytes);
        }
        System.arraycopy(row.bytes(), 0, bytes, offset, Rows.BYTES);
    }

    /** Changes the columns of a kept row that may change. */
    public void change(RowPlace place, Rows row) {
        System.arraycopy(
                row.bytes(),
                Rows.CHANGING,
                Objects.requireNonNull(segments.get(place.segment())),
                Rows.offset(place.row()) + Rows.CHANGING,
                Rows.BYTES - Rows.CHANGING);
    }

    /** Returns a copy of kept rows. */
    public byte[] bytes(long segment, int first, int last) {
        return Arrays.copyOfRange(
                Objects.requireNonNull(segments.get(segment)), Rows.offset(first), Rows.offset(last + 1));
    }

    public void remove(long segment) {
        segments.remove(segment);
    }

    /** Gives up all but the youngest segments, at the end of a step. */
    public void settle() {
        while (segments.size() > SEGMENTS) {
            segments.pollFirstEntry();
        }
    }

    /** The memory of the kept rows, in bytes. */
    public long heldBytes() {
        return segments.values().stream().mapToLong(bytes -> bytes.length).sum();
    }
}
