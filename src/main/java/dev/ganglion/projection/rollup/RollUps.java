package dev.ganglion.projection.rollup;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens to a project's tasks, queues and workers over time: per minute for 48 hours, and per 15 minutes
 * for 30 days ({@link RollUpLevel}). What is counted belongs to the minute in which it happened, as the agents report it
 * within the limits for event times; an event that is older than a level keeps is not counted there.
 *
 * <p>A step of the projection works in this order:
 *
 * <ol>
 *   <li>It counts; at the beginning of a lease, it first loads what {@link #missing} names.
 *   <li>It loads what {@link #missing} names now, and passes it to {@link #load}.
 *   <li>{@link #write} puts the changed values into the step's changes. They are totals, not increments, so a step that
 *   is written twice changes nothing.
 * </ol>
 *
 * <p>The totals do not depend on how the events are divided into steps. If a step fails, the instance must be discarded.
 * All times are in milliseconds since 1970. Not thread-safe.
 */
public final class RollUps {
    /** Name of the series that stands for all series beyond the limit. */
    public static final String OVERFLOW = "__overflow__";
    /** Largest number of series of tasks, and of queues. */
    public static final int MAX_SERIES = 1_000;

    private final BlockCache cache;
    private final SeriesDirectory<TaskCells> tasks;
    private final SeriesDirectory<QueueCells> queues;
    private final Series<WorkerCells> workers;

    /**
     * Creates roll-ups whose stored values are not loaded.
     *
     * @param maxBytes largest size in memory between two steps, in bytes
     */
    public RollUps(long maxBytes) {
        this(maxBytes, MAX_SERIES);
    }

    RollUps(long maxBytes, int maxSeries) {
        this.cache = new BlockCache(maxBytes);
        this.tasks = new SeriesDirectory<>(SeriesName.Type.TASKS, maxSeries, cache, TaskCells::new);
        this.queues = new SeriesDirectory<>(SeriesName.Type.QUEUE, maxSeries, cache, QueueCells::new);
        this.workers = cache.series(SeriesName.of(SeriesName.Type.WORKERS, null, null), WorkerCells::new);
    }

    BlockCache cache() {
        return cache;
    }

    /**
     * The totals of the tasks of one name in one queue.
     *
     * @param name null if unknown
     * @param queue null if unknown
     * @param receivedMs time when the event that is counted was stored
     */
    public TaskTotals tasks(@Nullable String name, @Nullable String queue, long receivedMs) {
        return new TaskTotals(cache, tasks.find(SeriesName.of(SeriesName.Type.TASKS, name, queue), receivedMs));
    }

    /**
     * The totals of a queue.
     *
     * @param receivedMs time when the event that is counted was stored
     */
    public QueueTotals queue(String engine, String queue, long receivedMs) {
        return new QueueTotals(cache, queues.find(SeriesName.of(SeriesName.Type.QUEUE, engine, queue), receivedMs));
    }

    /**
     * Notes that an engine worker is there.
     *
     * @param receivedMs time when its event was stored
     */
    public void worker(String engine, String worker, long atMs, long receivedMs) {
        int hash = WorkerCells.hash(engine, worker);
        for (RollUpLevel level : RollUpLevel.ALL) {
            OpenBlock<WorkerCells> block = cache.find(workers, level, atMs, receivedMs);
            if (block != null && block.cells.add(hash, level.cell(atMs))) {
                cache.changed(block);
            }
        }
    }

    /**
     * Notes how many engine workers are online. Of several numbers within a cell, the highest counts.
     *
     * @param nowMs time of the survey that counted them
     */
    public void workersOnline(int online, long nowMs) {
        for (RollUpLevel level : RollUpLevel.ALL) {
            OpenBlock<WorkerCells> block = cache.find(workers, level, nowMs, nowMs);
            if (block != null && block.cells.online(online, level.cell(nowMs))) {
                cache.changed(block);
            }
        }
    }

    /** The stored values that are missing in memory. */
    public Set<BlockField> missing() {
        Set<BlockField> missing = new LinkedHashSet<>();
        tasks.missing(missing::add);
        queues.missing(missing::add);
        cache.missing(missing::add);
        return missing;
    }

    /** Adds the stored values that {@link #missing} named; a value that is not in the map is not stored. */
    public void load(Map<BlockField, byte[]> stored) {
        tasks.load(stored);
        queues.load(stored);
        cache.load(stored);
    }

    /** Puts the changed values into the changes of a step. Everything that is missing must be loaded. */
    public void write(ProjectionChanges changes) {
        tasks.write(changes);
        queues.write(changes);
        cache.write(changes);
    }

    /** Estimates the heap that the totals occupy after the last step, in bytes. */
    public long bytes() {
        return cache.bytes();
    }
}
