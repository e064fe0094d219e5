package dev.ganglion.store.projection;

import dev.ganglion.projection.segment.RecentRows;
import dev.ganglion.projection.segment.RecordField;
import dev.ganglion.projection.segment.RowIndex;
import dev.ganglion.projection.segment.RowPlace;
import dev.ganglion.projection.segment.Rows;
import dev.ganglion.projection.segment.SegmentLimits;
import dev.ganglion.projection.segment.Segments;
import dev.ganglion.projection.segment.Terms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the holder of a project's lease keeps in memory about the stored tasks: the dictionary, the segments, and where
 * the row of each task is. It describes what Redis will hold after the calls that were built from it, so it is
 * discarded when a call fails. Not thread-safe, except for {@link #heldBytes}.
 */
final class HeldProjection {
    private final long epoch;
    private final ToLongFunction<String> hash;
    private final Terms terms = new Terms();
    private final RowIndex index = new RowIndex();
    private final RecentRows recent = new RecentRows();
    private final SameHashes sameHashes = new SameHashes();
    private final Segments segments;
    /** The tasks that the step under way added, by their rows. */
    private final Map<RowPlace, String> added = new HashMap<>();

    private volatile long heldBytes;

    HeldProjection(long epoch, SegmentLimits limits, long nextSegment, ToLongFunction<String> hash) {
        this.epoch = epoch;
        this.hash = hash;
        this.segments = new Segments(limits, nextSegment);
    }

    long epoch() {
        return epoch;
    }

    Terms terms() {
        return terms;
    }

    RowIndex index() {
        return index;
    }

    RecentRows recent() {
        return recent;
    }

    Segments segments() {
        return segments;
    }

    long idHash(String key) {
        return hash.applyAsLong(key);
    }

    /** Adds the stored rows of a segment, whose terms must be loaded. */
    void load(Segments.Segment segment, Rows rows) {
        if (rows.count() != segment.rows()) {
            throw new IllegalStateException(
                    "segment " + segment.number() + " of a projection has " + rows.count()
                            + " rows instead of " + segment.rows()
                            + "; its keys in Redis were changed. Delete the keys of the projection to rebuild it from the events");
        }
        segments.load(segment);
        terms.load(rows, segment.number());
        recent.load(segment.number(), rows);
        for (int row = 0; row < rows.count(); row++) {
            index.add(new RowPlace(segment.number(), row), rows.idHash(row), rows.state(row));
        }
        if (segment.closed()) {
            index.close(segment.number());
        }
    }

    /** Returns the rows that may belong to a task: none if the task is unknown. */
    List<RowPlace> candidates(String key) {
        long idHash = idHash(key);
        List<RowPlace> places = index.find(idHash);
        if (places.isEmpty() || !sameHashes.knows(idHash, places)) {
            return places;
        }
        RowPlace place = sameHashes.find(idHash, key);
        return place == null ? List.of() : List.of(place);
    }

    /** Notes the task of a row that shares its hash with another row or with a further task. */
    void distinguish(String key, RowPlace place) {
        sameHashes.put(index.idHash(place), key, place);
    }

    /**
     * Returns the row of a task; null if it has none.
     *
     * @param isNew whether the task was not stored when it was loaded
     * @throws IllegalStateException if the rows with the task's hash must be loaded first to tell
     */
    @Nullable
    RowPlace find(String key, boolean isNew) {
        long idHash = idHash(key);
        List<RowPlace> places = index.find(idHash);
        if (places.isEmpty()) {
            return null;
        }
        if (sameHashes.knows(idHash, places)) {
            return sameHashes.find(idHash, key);
        }
        if (!isNew && places.size() == 1) {
            return places.get(0);
        }
        for (RowPlace place : places) {
            String other = added.get(place);
            if (other != null) {
                sameHashes.put(idHash, other, place);
            }
        }
        if (!sameHashes.knows(idHash, places)) {
            throw new IllegalStateException(
                    "the row of a task is not known, because other tasks have the same id hash");
        }
        return null;
    }

    /**
     * Places the row of a task that has none.
     *
     * @param birthMs when the project first saw the task, in milliseconds since 1970
     */
    RowPlace add(String key, long birthMs, int state) {
        long idHash = idHash(key);
        boolean alone = index.find(idHash).isEmpty();
        RowPlace place = segments.place(birthMs);
        index.add(place, idHash, state);
        added.put(place, key);
        if (!alone) {
            distinguish(key, place);
        }
        return place;
    }

    /** Whether an earlier row of the same segment has the same id hash. */
    boolean followsSameHash(RowPlace place) {
        for (RowPlace other : index.find(index.idHash(place))) {
            if (other.segment() == place.segment()) {
                return other.row() < place.row();
            }
        }
        return false;
    }

    /** Returns the field of a row's record in the hash of its segment. */
    byte[] field(RowPlace place) {
        long idHash = index.idHash(place);
        return followsSameHash(place) ? RecordField.of(idHash, place.row()) : RecordField.of(idHash);
    }

    /** Notes the size of a row's record, which the size of its segment contains. */
    void resize(RowPlace place, int bytes) {
        int before = index.size(place);
        segments.write(place.segment(), before == 0 ? 0 : bytes - before);
        index.size(place, bytes);
    }

    /** Notes the size of a new row's record. */
    void sizeOfNew(RowPlace place, int bytes) {
        segments.write(place.segment(), (long) bytes + Segments.ROW_OVERHEAD);
        index.size(place, bytes);
    }

    void removeSegment(long number) {
        segments.remove(number);
        index.remove(number);
        recent.remove(number);
        sameHashes.removeSegment(number);
    }

    /** Ends a step. */
    void settle() {
        added.clear();
        recent.settle();
        heldBytes = terms.heldBytes() + index.heldBytes() + recent.heldBytes();
    }

    /** The memory that this object occupies, in bytes, as of the last step. */
    long heldBytes() {
        return heldBytes;
    }
}
