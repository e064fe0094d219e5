package dev.ganglion.store.projection.read;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskFilter;
import dev.ganglion.projection.segment.KeyedRecord;
import dev.ganglion.projection.segment.RecordField;
import dev.ganglion.projection.segment.RowFilter;
import dev.ganglion.projection.segment.RowPlace;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.store.page.PageBytes;
import dev.ganglion.store.page.SizedReads;
import dev.ganglion.store.redis.RedisKeys;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of a list of tasks. It scans rows, and reads the records of those that may pass the filter. The page is
 * complete when it has one more task than it shows, which proves that a task follows. Used once, on one context.
 */
final class TaskPageReader {
    /** Most records that are read at once. Their size is limited as well. */
    private static final int RECORDS_AT_ONCE = 128;
    /** Windows that are scanned without giving other work of the event loop a turn: about half a millisecond. */
    private static final int WINDOWS_PER_TURN = 8;

    private final SegmentReads reads;
    private final RedisKeys.Projection keys;
    private final TaskFilter filter;
    private final RowFilter rowFilter;
    private final RowWindows windows;
    private final int limit;
    private final PageBytes bytes = new PageBytes();
    private final List<JsonObject> items = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private RowWindows.@Nullable Window window;
    /** Index of the next row in the window. */
    private int row = RowFilter.NO_ROW;

    private int scanned;
    private @Nullable RowPlace lastShown;
    private boolean taskFollows;

    TaskPageReader(
            SegmentReads reads,
            RedisKeys.Projection keys,
            TaskFilter filter,
            RowFilter rowFilter,
            RowWindows windows,
            int limit) {
        this.reads = reads;
        this.keys = keys;
        this.filter = filter;
        this.rowFilter = rowFilter;
        this.windows = windows;
        this.limit = limit;
    }

    /** A row that may pass the filter. */
    private record Candidate(RowPlace place, SegmentReads.Field field) {}

    /**
     * A page.
     *
     * @param last place of its last row, before which the next page begins; empty on the last page
     */
    record Read(List<JsonObject> items, Optional<RowPlace> last) {}

    Future<Read> read() {
        return collect().compose(more -> takeRecords().compose(taken -> more && !taskFollows ? read() : done()));
    }

    private Future<Read> done() {
        return Future.succeededFuture(new Read(items, taskFollows ? Optional.ofNullable(lastShown) : Optional.empty()));
    }

    /** Scans rows for candidates until there are enough. Completes with false at the end of the list. */
    private Future<Boolean> collect() {
        while (true) {
            if (!scan()) {
                return Future.succeededFuture(true);
            }
            Future<RowWindows.Window> next = windows.next();
            if (next == null) {
                return Future.succeededFuture(false);
            }
            if (!next.isComplete() || ++scanned % WINDOWS_PER_TURN == 0) {
                return (next.isComplete() ? nextTurn().compose(turn -> next) : next)
                        .map(this::begin)
                        .compose(begun -> collect());
            }
            if (next.failed()) {
                return Future.failedFuture(next.cause());
            }
            begin(next.result());
        }
    }

    private Void begin(RowWindows.Window next) {
        window = next;
        row = next.last();
        return null;
    }

    /** Scans the window. Returns whether it was scanned to its end, and more candidates are wanted. */
    private boolean scan() {
        int wanted = Math.min(RECORDS_AT_ONCE, limit + 1 - items.size());
        RowWindows.Window in = window;
        while (in != null && candidates.size() < wanted) {
            row = rowFilter.newest(in.rows(), row);
            if (row == RowFilter.NO_ROW) {
                window = null;
                return true;
            }
            RowPlace place = in.place(row);
            candidates.add(
                    new Candidate(place, new SegmentReads.Field(place.segment(), RecordField.of(in.rows(), row))));
            row--;
        }
        return candidates.size() < wanted;
    }

    private static Future<Void> nextTurn() {
        Context context = Vertx.currentContext();
        if (context == null) {
            return Future.succeededFuture();
        }
        Promise<Void> turn = Promise.promise();
        context.runOnContext(turn::complete);
        return turn.future();
    }

    /** Reads the records of the candidates, as many at once as their size allows, until the page is full. */
    private Future<Void> takeRecords() {
        if (candidates.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Candidate> all = List.copyOf(candidates);
        candidates.clear();
        return reads.sizes(keys, all.stream().map(Candidate::field).toList())
                .compose(sizes -> takeRecords(all, sizes, 0));
    }

    private Future<Void> takeRecords(List<Candidate> all, List<Long> sizes, int from) {
        if (from == all.size() || taskFollows) {
            return Future.succeededFuture();
        }
        int end = SizedReads.endOfSlice(sizes, from, PageBytes.SLICE);
        List<Candidate> some = all.subList(from, end);
        return reads.records(keys, some.stream().map(Candidate::field).toList()).compose(records -> {
            for (int i = 0; i < some.size() && !taskFollows; i++) {
                RowPlace place = some.get(i).place();
                records.get(i).ifPresent(record -> take(place, record));
            }
            return takeRecords(all, sizes, end);
        });
    }

    /** Shows a task if it passes the filter. The record may be newer than the row. */
    private void take(RowPlace place, KeyedRecord record) {
        SubjectKey key = SubjectKey.of(record.key());
        Task task = Task.decode(record.record());
        if (!filter.matches(key, task)) {
            return;
        }
        int size = record.record().length;
        if (items.size() == limit || !bytes.fits(size)) {
            taskFollows = true;
            return;
        }
        bytes.add(size);
        items.add(task.view(key));
        lastShown = place;
    }
}
