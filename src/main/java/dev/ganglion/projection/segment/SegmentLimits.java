package dev.ganglion.projection.segment;

import java.time.Duration;

/**
 * When a segment is full. The retention drops whole segments, so that a segment is a small part of what is retained.
 *
 * @param rows most rows of a segment
 * @param bytes bytes of records and rows from which on a segment takes no further row
 * @param span time from the first birth from which on a segment takes no further row
 */
public record SegmentLimits(int rows, long bytes, Duration span) {
    /**
     * Most rows of any segment. The string of 4,095 rows fits the 224 KiB that Redis' allocator then reserves; with one
     * row more, it reserves 256 KiB.
     */
    public static final int MOST_ROWS = 4_095;

    private static final int PARTS = 24;

    /** Returns the limits under which a segment is at most 1/24 of what the retention keeps. */
    public static SegmentLimits of(Duration retention, long tasks, long bytes) {
        return new SegmentLimits(
                (int) Math.max(1, Math.min(MOST_ROWS, tasks / PARTS)),
                Math.max(1, bytes / PARTS),
                retention.dividedBy(PARTS));
    }
}
