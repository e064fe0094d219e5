package dev.ganglion.store.projection.read;

import dev.ganglion.projection.segment.RowFilter;
import dev.ganglion.projection.segment.RowPlace;
import dev.ganglion.projection.segment.Rows;
import dev.ganglion.projection.segment.Segments.Segment;
import dev.ganglion.store.redis.RedisKeys;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a project window by window, newest first. The first window is small, because most pages end there.
 * If a filter skips rows, each further window is a whole segment or its rest, and some are requested ahead. Not
 * thread-safe.
 */
final class RowWindows {
    /** Most windows that are requested ahead, about 1 MB. */
    private static final int AHEAD = 4;

    private final SegmentReads reads;
    private final RedisKeys.Projection keys;
    private final RowFilter filter;
    private final int size;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Deque<Future<Window>> requested = new ArrayDeque<>();
    /** Rows of the first segment that are not requested yet: those before this number. */
    private int rowsLeft;

    private boolean begun;

    /**
     * Consecutive rows of a segment.
     *
     * @param first number of the first one
     * @param rows the rows; without any if the retention dropped the segment meanwhile
     * @param last index of the last one in {@code rows}; less than 0 for none
     */
    record Window(Segment segment, int first, Rows rows, int last) {
        RowPlace place(int index) {
            return new RowPlace(segment.number(), first + index);
        }
    }

    /**
     * Starts at the newest row.
     *
     * @param youngestFirst all segments of the project, youngest first
     * @param before place before which the rows begin; null for all rows
     * @param size number of rows in the first window
     */
    RowWindows(
            SegmentReads reads,
            RedisKeys.Projection keys,
            List<Segment> youngestFirst,
            RowFilter filter,
            @Nullable RowPlace before,
            int size) {
        this.reads = reads;
        this.keys = keys;
        this.filter = filter;
        this.size = size;
        for (Segment segment : youngestFirst) {
            if (filter.covers(segment) && (before == null || segment.number() <= before.segment())) {
                segments.add(segment);
            }
        }
        Segment first = segments.peek();
        rowsLeft = first == null ? 0 : first.rows();
        if (first != null && before != null && first.number() == before.segment()) {
            rowsLeft = Math.min(rowsLeft, before.row());
        }
    }

    /** Returns the next window; null after the last one. */
    @Nullable
    Future<Window> next() {
        int ahead = begun && filter.isSelective() ? AHEAD : 1;
        while (requested.size() < ahead && skipReadSegments()) {
            requested.add(request());
            begun = true;
        }
        return requested.poll();
    }

    /** Skips segments whose rows are all requested. Returns false if none are left. */
    private boolean skipReadSegments() {
        while (rowsLeft == 0 && !segments.isEmpty()) {
            segments.remove();
            rowsLeft = segments.isEmpty() ? 0 : segments.element().rows();
        }
        return !segments.isEmpty();
    }

    private Future<Window> request() {
        Segment segment = segments.element();
        Rows kept = reads.kept(keys, segment);
        if (kept != null) {
            int last = rowsLeft - 1;
            rowsLeft = 0;
            return Future.succeededFuture(new Window(segment, 0, kept, last));
        }
        int count = begun && filter.isSelective() ? rowsLeft : Math.min(size, rowsLeft);
        int first = rowsLeft - count;
        rowsLeft = first;
        return reads.rows(keys, segment, first, count).map(rows -> new Window(segment, first, rows, rows.count() - 1));
    }
}
