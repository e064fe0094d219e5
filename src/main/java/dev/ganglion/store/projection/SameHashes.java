package dev.ganglion.store.projection;

import dev.ganglion.projection.segment.RowPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells rows with the same id hash apart, by the keys of their tasks. Almost always empty, since the hash has 64 bits.
 * Not thread-safe.
 */
final class SameHashes {
    private final Map<Long, Map<String, RowPlace>> keys = new HashMap<>();

    /** Notes which task a row belongs to. */
    void put(long idHash, String key, RowPlace place) {
        keys.computeIfAbsent(idHash, hash -> new HashMap<>()).put(key, place);
    }

    /** Whether the tasks of all these rows, which have this hash, are known. */
    boolean knows(long idHash, List<RowPlace> places) {
        Map<String, RowPlace> known = keys.get(idHash);
        return known != null && known.values().containsAll(places);
    }

    /** Returns the row of a task; null if no row with this hash is the task's. */
    @Nullable
    RowPlace find(long idHash, String key) {
        Map<String, RowPlace> known = keys.get(idHash);
        return known == null ? null : known.get(key);
    }

    void removeSegment(long segment) {
        keys.values().forEach(known -> known.values().removeIf(place -> place.segment() == segment));
        keys.values().removeIf(Map::isEmpty);
    }
}
