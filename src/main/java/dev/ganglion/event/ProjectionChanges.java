package dev.ganglion.event;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What one step changes in a shard's projection, all at once. Not safe for threads. */
public final class ProjectionChanges {
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
     * No changes yet.
     *
     * @param position how far the projection is after them
     * @param reached the bytes of all batches up to there; negative when that is not known
     * @param birth the number of the youngest task before them
     */
    public ProjectionChanges(ProjectionPosition position, long reached, long birth) {
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

    /** A task that was not known before a batch of this time. */
    void born(String key, long receivedMs) {
        birth = Births.next(birth, receivedMs);
        births.put(key, birth);
    }

    void count(String what, long by) {
        if (by != 0) {
            counts.merge(what, by, Long::sum);
        }
    }

    /** An event of this kind took effect. */
    void happened(ProjectedEvent event) {
        long minute = event.receivedMs() / MINUTE_MS;
        hours.computeIfAbsent(minute / MINUTES_PER_HOUR, hour -> new TreeMap<>())
                .merge(minute + "|" + event.kind(), 1L, Long::sum);
        count(ProjectionCounts.KIND + event.kind(), 1);
    }

    /** How far the projection is after them. */
    public ProjectionPosition position() {
        return position;
    }

    /** The bytes of all batches up to there; negative when that is not known. */
    public long reached() {
        return reached;
    }

    /** The number of the youngest task after them. */
    public long birth() {
        return birth;
    }

    /** Records that are new or other than before. */
    public Map<String, String> upserts(ProjectionTable table) {
        return java.util.Objects.requireNonNull(upserts.get(table));
    }

    /** Records that go. */
    public Set<String> removals(ProjectionTable table) {
        return java.util.Objects.requireNonNull(removals.get(table));
    }

    /** Tasks that are new, with their numbers. */
    public Map<String, Long> births() {
        return births;
    }

    /** What is to be added to the counters. */
    public Map<String, Long> counts() {
        return counts;
    }

    /** By hour since 1970: what is to be added to its {@code minute|kind}. */
    public Map<Long, Map<String, Long>> hours() {
        return hours;
    }

    /** Whether nothing is changed but the position. */
    public boolean isEmpty() {
        return counts.isEmpty()
                && births.isEmpty()
                && upserts.values().stream().allMatch(Map::isEmpty)
                && removals.values().stream().allMatch(Set::isEmpty);
    }
}
