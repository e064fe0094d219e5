package dev.ganglion.store.event;

import dev.ganglion.event.EventPage;
import dev.ganglion.event.EventQuery;
import dev.ganglion.event.EventStore;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.agent.ProjectData;
import dev.ganglion.store.page.PageBytes;
import dev.ganglion.store.projection.ProjectionRemoval;
import dev.ganglion.store.projection.read.SegmentTasks;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.StoreTuning;
import dev.ganglion.store.stream.BackwardStreamReader;
import dev.ganglion.store.stream.StreamEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and trims events. Each shard has a stream with one entry per batch; a small payload is part of the entry, a
 * large one has its own key.
 */
public final class RedisEventStore implements EventStore, ProjectData {
    /** Most batches that a filtered read examines before it returns a page and a cursor. */
    private static final int SCAN_BATCHES = 500;

    private static final long SCAN_BYTES = 16L * 1024 * 1024;
    private static final int TRIM_CHUNK = 512;
    private static final int TRIM_CHUNKS = 250;
    private static final Pattern POSITIONS = Pattern.compile("e:(.*)");

    private final SharedLine line;
    private final StoreTuning tuning;
    private final Clock clock;
    private final SegmentTasks tasks;

    /**
     * Creates a store.
     *
     * @param tasks reads the tasks, which know which of their reports came first
     */
    public RedisEventStore(SharedLine line, StoreTuning tuning, Clock clock, SegmentTasks tasks) {
        this.line = line;
        this.tuning = tuning;
        this.clock = clock;
        this.tasks = tasks;
    }

    @Override
    public Future<EventPage> events(String projectId, int shards, EventQuery query) {
        return Future.succeededFuture()
                .compose(start -> new Read(scans(projectId, shards, query), query).run())
                .compose(read -> marked(projectId, read));
    }

    /**
     * Marks later reports of a transition with the id of the first one. Several worker processes may report the same
     * transition of a task.
     */
    private Future<EventPage> marked(String projectId, Read read) {
        Set<String> subjects = new LinkedHashSet<>();
        for (EventView.ShownEvent shown : read.items) {
            if (shown.subject() != null) {
                subjects.add(shown.subject());
            }
        }
        FirstReports firsts = new FirstReports();
        return tasks.each(projectId, List.copyOf(subjects), (subject, task) -> firsts.add(task))
                .compose(done -> firsts.find(line, projectId, read.items))
                .map(done -> new EventPage(
                        read.items.stream()
                                .map(shown -> shown.marked(firsts.of(shown)))
                                .toList(),
                        read.cursor));
    }

    private List<BackwardStreamReader> scans(String projectId, int shards, EventQuery query) {
        Matcher cursor = Cursor.decode(query.cursor(), POSITIONS);
        String[] positions = cursor == null ? new String[0] : cursor.group(1).split(",", -1);
        List<BackwardStreamReader> scans = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            String position = shard < positions.length ? positions[shard] : "*";
            BackwardStreamReader scan = BackwardStreamReader.from(line, RedisKeys.Shard.of(projectId, shard), position);
            if (scan == null) {
                throw new GanglionException(
                        ErrorCode.INVALID_REQUEST,
                        "cursor: is not valid, send the next_cursor of the previous page unchanged",
                        "cursor");
            }
            scans.add(scan);
        }
        return scans;
    }

    /** Whether a page needs more batches. */
    private enum Progress {
        MORE,
        ENOUGH,
        NOTHING_LEFT
    }

    /** Builds one page. */
    private static final class Read {
        private final List<BackwardStreamReader> scans;
        private final EventQuery query;
        private final EventView view;
        private final List<EventView.ShownEvent> items = new ArrayList<>();
        private @Nullable String cursor;
        private final PageBytes pageBytes = new PageBytes();
        private boolean pageEnded;
        private int batches;
        private long bytes;

        private Read(List<BackwardStreamReader> scans, EventQuery query) {
            this.scans = scans;
            this.query = query;
            this.view = new EventView(query);
        }

        private Future<Read> run() {
            Promise<Read> done = Promise.promise();
            step(done);
            return done.future();
        }

        /** Takes one batch after the other. One promise serves all, since a chain of futures would grow with them. */
        private void step(Promise<Read> done) {
            Future.all(scans.stream().map(BackwardStreamReader::fill).collect(Collectors.toList()))
                    .compose(filled -> {
                        BackwardStreamReader newest = newest();
                        return newest == null
                                ? Future.succeededFuture(Progress.NOTHING_LEFT)
                                : newest.load(PageBytes.SLICE / scans.size()).map(loaded -> {
                                    if (loaded) {
                                        take(newest);
                                    }
                                    return isEnough() ? Progress.ENOUGH : Progress.MORE;
                                });
                    })
                    .onFailure(done::fail)
                    .onSuccess(progress -> {
                        switch (progress) {
                            case MORE -> step(done);
                            case ENOUGH -> done.complete(page());
                            case NOTHING_LEFT -> done.complete(this);
                        }
                    });
        }

        private boolean isEnough() {
            return items.size() >= query.limit() || pageEnded || batches >= SCAN_BATCHES || bytes >= SCAN_BYTES;
        }

        private Read page() {
            String positions =
                    scans.stream().map(BackwardStreamReader::position).collect(Collectors.joining(","));
            cursor = Cursor.encode("e:" + positions);
            return this;
        }

        private @Nullable BackwardStreamReader newest() {
            BackwardStreamReader newest = null;
            StreamEntry head = null;
            for (BackwardStreamReader scan : scans) {
                StreamEntry entry = scan.head();
                if (entry != null && (head == null || entry.newerThan(head))) {
                    newest = scan;
                    head = entry;
                }
            }
            return newest;
        }

        private void take(BackwardStreamReader scan) {
            StreamEntry entry = scan.head();
            if (entry == null) {
                return;
            }
            batches++;
            bytes += entry.size().events();
            int rest = view.addNewestFirst(
                    new EventView.Batch(scans.indexOf(scan), entry, scan.within()),
                    query.limit() - items.size(),
                    items,
                    pageBytes);
            pageEnded = rest > 0 || pageBytes.isFull();
            scan.readTo(entry, rest);
        }
    }

    @Override
    public Future<Long> trim(String projectId, int shards) {
        long oldest = clock.millis() - tuning.retentionAge().toMillis();
        return each(projectId, shards, oldest, tuning.retentionBytes() / shards);
    }

    /** Deletes all events of a project. */
    @Override
    public Future<Void> drop(String projectId, int shards) {
        return each(projectId, shards, Long.MAX_VALUE, -1).compose(dropped -> {
            if (dropped > 0) { // one round deletes a bounded number of batches
                return drop(projectId, shards);
            }
            List<Request> requests = new ArrayList<>();
            for (int shard = 0; shard < shards; shard++) {
                RedisKeys.Shard keys = RedisKeys.Shard.of(projectId, shard);
                requests.add(Request.cmd(Command.DEL)
                        .arg(keys.events())
                        .arg(keys.totals())
                        .arg(keys.deadLetters()));
            }
            return line.batch(requests).compose(done -> ProjectionRemoval.all(line, projectId, shards, clock.millis()));
        });
    }

    private Future<Long> each(String projectId, int shards, long oldest, long maxBytes) {
        Future<Long> all = Future.succeededFuture(0L);
        for (int shard = 0; shard < shards; shard++) {
            RedisKeys.Shard keys = RedisKeys.Shard.of(projectId, shard);
            all = all.compose(before -> line.send(
                            Request.cmd(Command.HGET).arg(keys.totals()).arg("bytes"))
                    .compose(total -> chunk(keys, oldest, total == null ? 0 : total.toLong() - maxBytes, TRIM_CHUNKS))
                    .map(dropped -> before + dropped));
        }
        return all;
    }

    /**
     * Deletes the oldest batches that are older than {@code oldest} or start before {@code dropTo} cumulative bytes of
     * the shard.
     */
    private Future<Long> chunk(RedisKeys.Shard keys, long oldest, long dropTo, int chunks) {
        Promise<Long> all = Promise.promise();
        chunkAfter(0, new Trim(keys, oldest, dropTo, chunks, all));
        return all.future();
    }

    /** The limits for trimming a shard, and the promise that completes with the number of deleted batches. */
    private record Trim(RedisKeys.Shard keys, long oldest, long dropTo, int chunks, Promise<Long> all) {
        Trim next() {
            return new Trim(keys, oldest, dropTo, chunks - 1, all);
        }

        boolean drops(StreamEntry entry) {
            return entry.millis() < oldest || entry.cumulative() - entry.size().stored() < dropTo;
        }
    }

    /** Uses one promise for all chunks. A chain of one future per chunk would overflow the stack when it completes. */
    private void chunkAfter(long before, Trim trim) {
        line.send(Request.cmd(Command.XRANGE)
                        .arg(trim.keys().events())
                        .arg("-")
                        .arg("+")
                        .arg("COUNT")
                        .arg(TRIM_CHUNK))
                .compose(reply -> {
                    List<StreamEntry> drop = new ArrayList<>();
                    reply.forEach(each -> {
                        StreamEntry entry = StreamEntry.of(each);
                        if (trim.drops(entry)) {
                            drop.add(entry);
                        }
                    });
                    return drop.isEmpty()
                            ? Future.succeededFuture(0)
                            : line.batch(dropping(trim.keys(), drop)).map(drop.size());
                })
                .onFailure(trim.all()::fail)
                .onSuccess(dropped -> {
                    if (dropped < TRIM_CHUNK || trim.chunks() == 1) {
                        trim.all().complete(before + dropped);
                    } else {
                        chunkAfter(before + dropped, trim.next());
                    }
                });
    }

    private static List<Request> dropping(RedisKeys.Shard keys, List<StreamEntry> entries) {
        List<Request> requests = new ArrayList<>();
        Arguments unlink = Arguments.of(Command.UNLINK).add(keys.events() + ":none");
        entries.stream().map(StreamEntry::payloadKey).filter(key -> key != null).forEach(unlink::add);
        requests.add(unlink.request());
        requests.add(Request.cmd(Command.XTRIM)
                .arg(keys.events())
                .arg("MINID")
                .arg(entries.get(entries.size() - 1).next()));
        return requests;
    }
}
