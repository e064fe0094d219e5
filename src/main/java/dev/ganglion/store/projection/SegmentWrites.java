package dev.ganglion.store.projection;

import dev.ganglion.projection.segment.Rows;
import dev.ganglion.store.redis.Arguments;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one step writes into one segment. New rows follow each other, so that they are written as one range. */
final class SegmentWrites {
    private final List<byte[]> records = new ArrayList<>();
    private final List<Range> ranges = new ArrayList<>();
    private final ByteArrayOutputStream newRows = new ByteArrayOutputStream();
    private int firstNew;

    /** Bytes that replace those at an offset of the columns. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Range(int offset, byte[] bytes) {}

    /** Adds a new row, the next one of the segment. */
    void add(int row, Rows written) {
        if (newRows.size() == 0) {
            firstNew = row;
        }
        newRows.writeBytes(written.bytes());
    }

    /** Changes the columns of a row that may change. */
    void change(int row, Rows written) {
        ranges.add(new Range(
                Rows.offset(row) + Rows.CHANGING, Arrays.copyOfRange(written.bytes(), Rows.CHANGING, Rows.BYTES)));
    }

    /** Writes a record, encoded with its key. */
    void record(byte[] field, byte[] value) {
        records.add(field);
        records.add(value);
    }

    void addTo(Arguments request) {
        if (newRows.size() > 0) {
            ranges.add(new Range(Rows.offset(firstNew), newRows.toByteArray()));
        }
        request.add(records.size() / 2);
        records.forEach(request::add);
        request.add(ranges.size());
        ranges.forEach(range -> request.add(range.offset()).add(range.bytes()));
    }
}
