package dev.ganglion.projection.projector;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.projection.EventStreams;
import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ProjectionSlice;
import dev.ganglion.projection.ProjectionSlice.StoredBatch;
import dev.ganglion.projection.ShardProgress;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.run.TaskEvents;
import dev.ganglion.projection.run.TextPool;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the stream of one shard, slice by slice, and knows how far it is projected. A step first scans events, then
 * consumes them in the same order; a scanned event that it does not consume is scanned again by the next step. Used on
 * one context, for one lease.
 */
final class ShardReader {
    private static final Logger LOG = LoggerFactory.getLogger(ShardReader.class);

    /** A batch that was read and is not yet completely projected. */
    private static final class OpenBatch {
        private final StoredBatch stored;
        private final @Nullable TaskEvents events;
        /** Number of its events that were scanned, and that were consumed, both counted from the first. */
        private int scanned;

        private int consumed;
        /** Whether no event follows the scanned ones. */
        private boolean whole;

        private boolean entered;
        private boolean unreadable;

        private OpenBatch(StoredBatch stored, @Nullable TaskEvents events, int done) {
            this.stored = stored;
            this.events = events;
            this.scanned = done;
            this.consumed = done;
        }
    }

    private final EventStreams streams;
    private final String projectId;
    private final int shard;
    private final TextPool texts;
    private final Ticker ticker;
    private final Deque<StoredBatch> unscanned = new ArrayDeque<>();
    private final Deque<OpenBatch> open = new ArrayDeque<>();
    /** Scanned events; those before {@code consumed} are consumed, those from {@code next} on are to be scanned again. */
    private final List<TaskEvent> scanned = new ArrayList<>();

    private int consumed;
    private int next;
    private ShardProgress progress;
    private ProjectionPosition readTo;
    private @Nullable OpenBatch scanning;
    private @Nullable Future<ProjectionSlice> reading;
    /** Whether batches follow that the last read did not return. */
    private boolean more;
    /** Whether batches may have been stored since the last read began. */
    private boolean notified = true;

    private long skipped;
    private ProjectionSlice slice = ProjectionSlice.NONE;
    private long readAt;
    private long readingSince;

    ShardReader(EventStreams streams, ShardPlace place, ShardProgress progress, TextPool texts, Ticker ticker) {
        this.streams = streams;
        this.projectId = place.projectId();
        this.shard = place.shard();
        this.progress = progress;
        this.readTo = progress.position();
        this.texts = texts;
        this.ticker = ticker;
        this.readAt = ticker.nanos();
        this.readingSince = readAt;
    }

    /** The shard that a reader reads. */
    record ShardPlace(String projectId, int shard) {}

    int shard() {
        return shard;
    }

    /** Notes that events may have been stored. */
    void notified() {
        notified = true;
    }

    /** Whether batches are at hand that are not projected. */
    boolean hasEvents() {
        return !unscanned.isEmpty() || !open.isEmpty();
    }

    /** Reads the next slice, unless batches are at hand or none can follow. */
    Future<Void> fetch() {
        if (hasEvents()) {
            return Future.succeededFuture();
        }
        if (reading == null && (more || notified)) {
            read();
        }
        Future<ProjectionSlice> pending = reading;
        return pending == null
                ? Future.succeededFuture()
                : pending.map(read -> {
                    reading = null;
                    adopt(read);
                    return null;
                });
    }

    /** Begins to read the slice behind the one at hand if there is one, so that it arrives while a step is written. */
    void prefetch() {
        if (reading == null && more && unscanned.isEmpty()) {
            read();
        }
    }

    private void read() {
        notified = false;
        more = false;
        readingSince = ticker.nanos();
        reading = streams.read(projectId, shard, readTo);
    }

    private void adopt(ProjectionSlice read) {
        slice = read;
        readAt = readingSince;
        more = !read.batches().isEmpty() && read.waiting() > read.batches().size();
        unscanned.addAll(read.batches());
        if (!read.batches().isEmpty()) {
            readTo = new ProjectionPosition(
                    read.batches().get(read.batches().size() - 1).entry(), 0);
        }
    }

    /** Begins a step: events that were scanned but not consumed are scanned again. */
    void rewind() {
        scanned.subList(0, consumed).clear();
        consumed = 0;
        next = 0;
    }

    /** Returns the next event of the batches at hand; null if there is none. */
    @Nullable
    TaskEvent scan() {
        if (next < scanned.size()) {
            return scanned.get(next++);
        }
        while (true) {
            OpenBatch batch = scanning == null ? openNext() : scanning;
            if (batch == null) {
                settle();
                return null;
            }
            TaskEvent event = nextOf(batch);
            if (event != null) {
                batch.scanned++;
                scanned.add(event);
                next++;
                return event;
            }
            batch.whole = true;
            scanning = null;
        }
    }

    private @Nullable OpenBatch openNext() {
        StoredBatch stored = unscanned.poll();
        if (stored == null) {
            return null;
        }
        ProjectionPosition at = progress.position();
        int done = stored.entry().equals(at.entry()) ? at.done() : 0;
        TaskEvents events = null;
        if (stored.events() != null) {
            events = new TaskEvents(
                    stored.events(),
                    new TaskEvents.Source(
                            shard, stored.entry(), stored.receivedMs(), stored.agentId(), stored.process()),
                    texts);
            events.skipTo(done);
        }
        OpenBatch batch = new OpenBatch(stored, events, done);
        open.add(batch);
        scanning = batch;
        return batch;
    }

    /**
     * Returns the next event of a batch. If the batch cannot be read, the rest of it counts as skipped, because waiting
     * for it would stop the projection for good.
     */
    private @Nullable TaskEvent nextOf(OpenBatch batch) {
        try {
            return batch.events == null ? null : batch.events.next();
        } catch (RuntimeException e) {
            batch.unreadable = true;
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("projectId", projectId)
                    .addKeyValue("shard", shard)
                    .addKeyValue("entry", batch.stored.entry())
                    .log("A stored batch cannot be read; tasks and counters lack the rest of its events");
            return null;
        }
    }

    /** Consumes the first scanned event. */
    void consume() {
        settle(); // batches without events may come first
        TaskEvent event = scanned.get(consumed++);
        OpenBatch batch = open.element();
        enter(batch);
        batch.consumed = event.index() + 1;
        progress =
                new ShardProgress(new ProjectionPosition(batch.stored.entry(), batch.consumed), batch.stored.before());
        settle();
    }

    /** Moves the progress behind batches of which no event is left. */
    private void settle() {
        OpenBatch first = open.peek();
        while (first != null && first.whole && first.consumed == first.scanned) {
            enter(first);
            if (first.events == null || first.unreadable) {
                skipped += first.stored.bytes();
            }
            progress = new ShardProgress(new ProjectionPosition(first.stored.entry(), 0), first.stored.upTo());
            open.remove();
            first = open.peek();
        }
    }

    /** Counts the bytes between the progress and this batch, which the retention deleted. */
    private void enter(OpenBatch batch) {
        if (!batch.entered) {
            batch.entered = true;
            skipped += progress.reached() < 0 ? 0 : Math.max(0, batch.stored.before() - progress.reached());
        }
    }

    /** The progress behind the consumed events. */
    ShardProgress progress() {
        return progress;
    }

    /** Returns the bytes that were skipped since the last call: deleted, or unreadable. */
    @CanIgnoreReturnValue
    long takeSkipped() {
        long taken = skipped;
        skipped = 0;
        return taken;
    }

    /** Number of batches that are not projected; an estimate if more wait than one read returns. */
    long waiting() {
        int projected = slice.batches().size() - unscanned.size() - open.size();
        return Math.max(0, slice.waiting() - projected);
    }

    /** Age of the oldest batch that is not projected, in milliseconds; 0 if there is none. */
    long behindMs() {
        StoredBatch oldest = open.isEmpty() ? unscanned.peek() : open.element().stored;
        if (oldest == null) {
            return 0;
        }
        long waited = oldest.receivedMs() - slice.batches().get(0).receivedMs();
        long sinceRead = TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - readAt);
        return Math.max(0, slice.behindMs() - waited + sinceRead);
    }
}
