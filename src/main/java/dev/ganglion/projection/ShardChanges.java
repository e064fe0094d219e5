package dev.ganglion.projection;

import dev.ganglion.projection.task.ProjectedEvent;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** The changes that one step makes to a shard's projection, all of them atomically. Not thread-safe. */
public final class ShardChanges {
    private static final long MINUTE_MS = 60_000;
    private static final long MINUTES_PER_HOUR = 60;

    private final ProjectionPosition position;
    private final Map<ProjectionTable, Map<String, String>> upserts = new EnumMap<>(ProjectionTable.class);
    private final Map<ProjectionTable, Set<String>> removals = new EnumMap<>(ProjectionTable.class);
    private final Map<String, Long> births = new LinkedHashMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<Long, Map<String, Long>> hours = new TreeMap<>();
    private final long reached;
    private long birth;

    /**
     * Creates an empty set of changes.
     *
     * @param position position of the projection after these changes
     * @param reached total size of all batches up to that position, in bytes; negative if unknown
     * @param birth number of the youngest task before these changes
     */
    public ShardChanges(ProjectionPosition position, long reached, long birth) {
        this.position = position;
        this.reached = reached;
        this.birth = birth;
        for (ProjectionTable table : ProjectionTable.values()) {
            upserts.put(table, new LinkedHashMap<>());
            removals.put(table, new LinkedHashSet<>());
        }
    }

    void put(ProjectionTable table, String key, String record) {
        upserts(table).put(key, record);
    }

    void remove(ProjectionTable table, String key) {
        removals(table).add(key);
    }

    /** Adds a task that was unknown before, with the time when its batch was stored. */
    void addTask(String key, long receivedMs) {
        birth = TaskOrder.next(birth, receivedMs);
        births.put(key, birth);
    }

    void count(String counter, long by) {
        if (by != 0) {
            counts.merge(counter, by, Long::sum);
        }
    }

    /** Counts an event that took effect. */
    void countEvent(ProjectedEvent event) {
        long minute = event.time().receivedMs() / MINUTE_MS;
        hours.computeIfAbsent(minute / MINUTES_PER_HOUR, hour -> new TreeMap<>())
                .merge(minute + "|" + event.kind(), 1L, Long::sum);
        count(ProjectionCounts.KIND + event.kind(), 1);
    }

    /** Position of the projection after these changes. */
    public ProjectionPosition position() {
        return position;
    }

    /** Total size of all batches up to that position, in bytes; negative if unknown. */
    public long reached() {
        return reached;
    }

    /** Number of the youngest task after these changes. */
    public long birth() {
        return birth;
    }

    /** Records that are new or changed. */
    public Map<String, String> upserts(ProjectionTable table) {
        return Objects.requireNonNull(upserts.get(table));
    }

    /** Keys of the records to delete. */
    public Set<String> removals(ProjectionTable table) {
        return Objects.requireNonNull(removals.get(table));
    }

    /** New tasks with their numbers. */
    public Map<String, Long> births() {
        return births;
    }

    /** Increments of the counters. */
    public Map<String, Long> counts() {
        return counts;
    }

    /** Increments of each hour's {@code minute|kind} counters, by hour since 1970. */
    public Map<Long, Map<String, Long>> hours() {
        return hours;
    }

    /** Whether these changes affect nothing but the position. */
    public boolean isEmpty() {
        return counts.isEmpty()
                && births.isEmpty()
                && upserts.values().stream().allMatch(Map::isEmpty)
                && removals.values().stream().allMatch(Set::isEmpty);
    }
}
