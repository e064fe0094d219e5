package dev.ganglion.projection;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.task.SubjectKey;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** The changes that one step makes to the projection of a project, all of them atomically. Not thread-safe. */
public final class ProjectionChanges {
    private static final long MINUTE_MS = 60_000;
    private static final long MINUTES_PER_HOUR = 60;

    /**
     * A new or changed task.
     *
     * @param isNew whether the engine did not know the task when it was loaded. A task that is not new may have lost
     *     its place to the retention meanwhile; then it gets a new one
     * @param receivedMs time when the first batch of the step that changed it was stored, in milliseconds since 1970:
     *     its birth if it has no place yet
     */
    public record ChangedTask(Task task, boolean isNew, long receivedMs) {}

    /**
     * A new value of an aggregate, which replaces the stored one.
     *
     * @param expireAtMs time when the whole block may be deleted, in milliseconds since 1970; 0 to keep it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Block(byte[] value, long expireAtMs) {}

    private final Map<Integer, ShardProgress> progress;
    private final Map<SubjectKey, ChangedTask> tasks = new LinkedHashMap<>();
    private final Map<ProjectionTable, Map<String, String>> upserts = new EnumMap<>(ProjectionTable.class);
    private final Map<ProjectionTable, Set<String>> removals = new EnumMap<>(ProjectionTable.class);
    private final Map<BlockField, Block> blocks = new LinkedHashMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<Long, Map<String, Long>> hours = new TreeMap<>();

    /**
     * Creates an empty set of changes.
     *
     * @param progress progress after these changes of the shards whose progress they change
     */
    public ProjectionChanges(Map<Integer, ShardProgress> progress) {
        this.progress = new TreeMap<>(progress);
    }

    /** Sets the progress of a shard after these changes. */
    public void advance(int shard, ShardProgress reached) {
        progress.put(shard, reached);
    }

    /** Adds a task in the order of its first event of the step; a task of the same key is replaced. */
    public void put(SubjectKey key, ChangedTask task) {
        tasks.put(key, task);
    }

    /** Adds a record that is new or changed. */
    public void put(ProjectionTable table, String key, String record) {
        upserts.computeIfAbsent(table, t -> new LinkedHashMap<>()).put(key, record);
    }

    /** Adds a record to delete. */
    public void remove(ProjectionTable table, String key) {
        removals.computeIfAbsent(table, t -> new LinkedHashSet<>()).add(key);
    }

    /** Adds a value of an aggregate. */
    public void put(BlockField name, Block block) {
        blocks.put(name, block);
    }

    /** Increments a counter of the project. */
    public void count(String counter, long by) {
        if (by != 0) {
            counts.merge(counter, by, Long::sum);
        }
    }

    /** Counts events of one kind that took effect and whose batches were stored at {@code receivedMs}. */
    public void countEvents(String kind, long receivedMs, long by) {
        long minute = receivedMs / MINUTE_MS;
        hours.computeIfAbsent(minute / MINUTES_PER_HOUR, hour -> new TreeMap<>())
                .merge(minute + "|" + kind, by, Long::sum);
        count(ProjectionCounts.KIND + kind, by);
    }

    /** Progress of the shards whose progress changes, after these changes. */
    public Map<Integer, ShardProgress> progress() {
        return progress;
    }

    /** New and changed tasks, in the order of their first events in the step. */
    public Map<SubjectKey, ChangedTask> tasks() {
        return tasks;
    }

    /** Records that are new or changed. */
    public Map<String, String> upserts(ProjectionTable table) {
        return Objects.requireNonNullElse(upserts.get(table), Map.of());
    }

    /** Keys of the records to delete. */
    public Set<String> removals(ProjectionTable table) {
        return Objects.requireNonNullElse(removals.get(table), Set.of());
    }

    /** New values of aggregates. */
    public Map<BlockField, Block> blocks() {
        return blocks;
    }

    /** Increments of the project's counters. */
    public Map<String, Long> counts() {
        return counts;
    }

    /** Increments of each hour's {@code minute|kind} counters, by hour since 1970. */
    public Map<Long, Map<String, Long>> hours() {
        return hours;
    }
}
