package dev.ganglion.projection.segment;

import java.util.Comparator;

/**
 * Where a row is.
 *
 * @param segment number of the segment
 * @param row number of the row in the segment, from 0
 */
public record RowPlace(long segment, int row) implements Comparable<RowPlace> {
    private static final Comparator<RowPlace> ORDER =
            Comparator.comparingLong(RowPlace::segment).thenComparingInt(RowPlace::row);

    @Override
    public int compareTo(RowPlace other) {
        return ORDER.compare(this, other);
    }
}
