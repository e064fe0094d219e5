package dev.ganglion.store.projection.read;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskFilter;
import dev.ganglion.projection.run.TaskQuery;
import dev.ganglion.projection.run.TaskStore;
import dev.ganglion.projection.segment.IdHash;
import dev.ganglion.projection.segment.RowFilter;
import dev.ganglion.projection.segment.RowPlace;
import dev.ganglion.projection.segment.Terms;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskState;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads projected tasks from the segments of a project. A list scans rows of fixed width, newest first, and reads the
 * records of the rows that pass the filter. A node keeps rows of closed segments in memory, so that a list transfers
 * only the rows that changed since the last list.
 */
public final class SegmentTasks implements TaskStore {
    /** Tasks that are read at once without asking for their sizes. */
    private static final int SLICE = 32;
    /** Rows in the first window of a filtered list. */
    private static final int FIRST_WINDOW = 1_024;
    /** Part of the heap that kept rows may occupy. */
    private static final int HEAP_PART = 16;

    private static final long MOST_KEPT_BYTES = 256L << 20;

    private final SegmentReads reads;
    private final DictionaryReads dictionary;
    private final ToLongFunction<String> hash;

    /** Creates a reader that keeps rows in at most 1/16 of the heap, and at most 256 MiB. */
    public SegmentTasks(SharedLine line, Ticker ticker) {
        this(line, ticker, Math.min(MOST_KEPT_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART));
    }

    /**
     * Creates a reader.
     *
     * @param keptBytes most bytes of rows that are kept in memory
     */
    public SegmentTasks(SharedLine line, Ticker ticker, long keptBytes) {
        this(line, ticker, keptBytes, IdHash::of);
    }

    /** Creates a reader for tests, which choose the hash of a task's key. */
    SegmentTasks(SharedLine line, Ticker ticker, long keptBytes, ToLongFunction<String> hash) {
        this.hash = hash;
        this.reads = new SegmentReads(line, new RowCache(keptBytes));
        this.dictionary = new DictionaryReads(line, ticker);
    }

    @Override
    public Future<Page> list(String projectId, TaskQuery query) {
        return Future.succeededFuture().compose(start -> {
            RowPlace before = TaskCursor.decode(query.cursor(), query.filter());
            return dictionary
                    .numbers(projectId, texts(query.filter()))
                    .map(numbers -> rowFilter(query, numbers))
                    .compose(filter -> list(projectId, query, filter, before));
        });
    }

    private Future<Page> list(String projectId, TaskQuery query, RowFilter filter, @Nullable RowPlace before) {
        RedisKeys.Projection keys = RedisKeys.Projection.of(projectId);
        int size = filter.isSelective() ? FIRST_WINDOW : query.limit() + 1;
        return reads.segments(keys)
                .compose(segments -> {
                    RowWindows windows = new RowWindows(reads, keys, segments, filter, before, size);
                    return new TaskPageReader(reads, keys, query.filter(), filter, windows, query.limit()).read();
                })
                .map(read -> new Page(
                        read.items(),
                        read.last()
                                .map(place -> TaskCursor.encode(place, query.filter()))
                                .orElse(null)));
    }

    private static Map<Terms.Kind, Set<String>> texts(TaskFilter filter) {
        Map<Terms.Kind, Set<String>> texts = new EnumMap<>(Terms.Kind.class);
        texts.put(Terms.Kind.NAME, filter.names());
        texts.put(Terms.Kind.QUEUE, filter.queues());
        texts.put(Terms.Kind.WORKER, filter.workers());
        texts.put(Terms.Kind.ENGINE, filter.engines());
        texts.put(Terms.Kind.AGENT, filter.agents());
        texts.values().removeIf(Set::isEmpty);
        return texts;
    }

    private static RowFilter rowFilter(TaskQuery query, Map<Terms.Kind, BitSet> numbers) {
        RowFilter.Builder filter = new RowFilter.Builder();
        numbers.forEach(filter::terms);
        for (TaskState state : TaskState.values()) {
            if (query.filter().states().contains(state.label())) {
                filter.state(state.rank());
            }
        }
        return filter.lost(query.filter().lost())
                .born(millis(query.since(), Long.MIN_VALUE), millis(query.until(), Long.MAX_VALUE))
                .build();
    }

    private static long millis(@Nullable Instant time, long without) {
        return time == null ? without : time.toEpochMilli();
    }

    @Override
    public Future<Optional<Task>> find(String projectId, SubjectKey subject) {
        return load(projectId, List.of(subject.text())).map(found -> Optional.ofNullable(found.get(subject.text())));
    }

    @Override
    public Future<Map<String, Task>> findAll(String projectId, String engine, List<String> taskIds) {
        List<String> keys =
                taskIds.stream().map(id -> new SubjectKey(engine, id).text()).toList();
        return load(projectId, keys).map(found -> {
            Map<String, Task> tasks = new HashMap<>();
            found.forEach((key, task) -> tasks.put(SubjectKey.of(key).name(), task));
            return tasks;
        });
    }

    /** Passes on the known ones of these tasks by key. Reads a few of them at once, since tasks may be large. */
    public Future<Void> each(String projectId, List<String> keys, BiConsumer<String, Task> consumer) {
        if (keys.isEmpty()) {
            return Future.succeededFuture();
        }
        int count = Math.min(SLICE, keys.size());
        return load(projectId, keys.subList(0, count)).compose(found -> {
            found.forEach(consumer);
            return each(projectId, keys.subList(count, keys.size()), consumer);
        });
    }

    private Future<Map<String, Task>> load(String projectId, List<String> keys) {
        return TaskFinder.find(reads, RedisKeys.Projection.of(projectId), keys, hash);
    }
}
