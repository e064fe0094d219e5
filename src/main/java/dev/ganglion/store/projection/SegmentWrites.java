package dev.ganglion.store.projection;

import dev.ganglion.projection.segment.RecentRows;
import dev.ganglion.projection.segment.RowPlace;
import dev.ganglion.projection.segment.Rows;
import dev.ganglion.store.redis.Arguments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** What one step writes into one segment. */
final class SegmentWrites {
    /** Most rows between two changed rows that are written again to write both as one range. */
    private static final int MOST_BETWEEN = 4;

    private final long segment;
    private final RecentRows recent;
    private final List<byte[]> records = new ArrayList<>();
    private final List<Range> ranges = new ArrayList<>();
    private final BitSet recentRows = new BitSet();

    SegmentWrites(long segment, RecentRows recent) {
        this.segment = segment;
        this.recent = recent;
    }

    /** Bytes that replace those at an offset of the columns. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Range(int offset, byte[] bytes) {}

    /** Adds a new row, the next one of the segment. */
    void add(RowPlace place, Rows row) {
        recent.add(place, row);
        recentRows.set(place.row());
    }

    /** Changes the columns of a row that may change. */
    void change(RowPlace place, Rows row) {
        if (recent.holds(segment)) {
            recent.change(place, row);
            recentRows.set(place.row());
        } else {
            ranges.add(new Range(
                    Rows.offset(place.row()) + Rows.CHANGING,
                    Arrays.copyOfRange(row.bytes(), Rows.CHANGING, Rows.BYTES)));
        }
    }

    /** Writes a record, encoded with its key. */
    void record(byte[] field, byte[] value) {
        records.add(field);
        records.add(value);
    }

    void addTo(Arguments request) {
        int first = recentRows.nextSetBit(0);
        while (first >= 0) {
            int last = first;
            int next = recentRows.nextSetBit(first + 1);
            while (next >= 0 && next - last - 1 <= MOST_BETWEEN) {
                last = next;
                next = recentRows.nextSetBit(last + 1);
            }
            ranges.add(new Range(Rows.offset(first), recent.bytes(segment, first, last)));
            first = next;
        }
        request.add(records.size() / 2);
        records.forEach(request::add);
        request.add(ranges.size());
        ranges.forEach(range -> request.add(range.offset()).add(range.bytes()));
    }
}
