package dev.ganglion.projection.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of all retained segments by their id hash, and remembers the state and the size of each. It needs 19 to
 * 25 bytes per row.
 *
 * <p>The index is a hash table with open addressing, linear probing and a load of at most 2/3. A slot of the table holds
 * the place of a row in one number; the hash itself is in an array of the row's segment. Several rows may have the same
 * hash. A random factor spreads the hashes over the table, so that nobody can choose keys that meet in one part of it.
 *
 * <p>Not thread-safe.
 */
public final class RowIndex {
    /** Largest number of segments, from the oldest to the youngest. */
    static final int MOST_SEGMENTS = 1 << 18;

    private static final int ROW_BITS = 12;
    private static final int ROW_MASK = (1 << ROW_BITS) - 1;
    private static final int SEGMENT_MASK = MOST_SEGMENTS - 1;
    private static final int STATE_MASK = 0xFF;
    private static final int FREE = 0;
    private static final int FIRST_SLOTS = 64;
    private static final int FIRST_ROWS = 16;
    private static final int FIRST_RING = 16;
    private static final int BYTES_PER_ROW = Long.BYTES + Byte.BYTES + Integer.BYTES;

    private final long spread = ThreadLocalRandom.current().nextLong() | 1;
    /** Places of rows, as {@link #pack} encodes them. The length is a power of two. */
    private int[] slots = new int[FIRST_SLOTS];
    /** The retained segments by number, modulo the length of the array, which is a power of two. */
    private @Nullable RowsOfSegment[] segments = new RowsOfSegment[FIRST_RING];

    private final long[] counts = new long[STATE_MASK + 1];
    private long oldest = -1;
    private long youngest = -1;
    private int rows;
    private long rowBytes;

    /** What the index remembers of a segment's rows. */
    private static final class RowsOfSegment {
        private long[] hashes = new long[FIRST_ROWS];
        private byte[] states = new byte[FIRST_ROWS];
        private int[] sizes = new int[FIRST_ROWS];
        private int count;

        private void resize(int capacity) {
            hashes = Arrays.copyOf(hashes, capacity);
            states = Arrays.copyOf(states, capacity);
            sizes = Arrays.copyOf(sizes, capacity);
        }
    }

    /**
     * Adds the next row of a segment.
     *
     * @param place the place of the row; a row's number is the number of rows that the segment already has
     */
    public void add(RowPlace place, long idHash, int state) {
        RowsOfSegment segment = segment(place.segment());
        if (place.row() != segment.count || place.row() >= ROW_MASK) {
            throw new IllegalArgumentException("row " + place + " is not the next one of its segment");
        }
        if (segment.count == segment.hashes.length) {
            resize(segment, Math.min(ROW_MASK, segment.count * 2));
        }
        segment.hashes[segment.count] = idHash;
        segment.states[segment.count] = (byte) state;
        segment.count++;
        counts[state]++;
        rows++;
        if (rows > slots.length / 3 * 2) {
            rehash();
        } else {
            insert(idHash, pack(place.segment(), place.row()));
        }
    }

    private void resize(RowsOfSegment segment, int capacity) {
        rowBytes += (long) (capacity - segment.hashes.length) * BYTES_PER_ROW;
        segment.resize(capacity);
    }

    /** Gives back the memory for further rows of a segment that takes none any more. */
    public void close(long segment) {
        RowsOfSegment closed = known(segment);
        if (closed != null) {
            resize(closed, Math.max(1, closed.count));
        }
    }

    private RowsOfSegment segment(long number) {
        RowsOfSegment known = known(number);
        if (known != null) {
            return known;
        }
        if (oldest < 0) {
            oldest = number;
            youngest = number;
        }
        long first = Math.min(oldest, number);
        long last = Math.max(youngest, number);
        while (last - first >= segments.length) {
            widen();
        }
        oldest = first;
        youngest = last;
        RowsOfSegment created = new RowsOfSegment();
        rowBytes += (long) FIRST_ROWS * BYTES_PER_ROW;
        segments[ring(number)] = created;
        return created;
    }

    private @Nullable RowsOfSegment known(long number) {
        return oldest < 0 || number < oldest || number > youngest ? null : segments[ring(number)];
    }

    private int ring(long number) {
        return (int) number & (segments.length - 1);
    }

    private void widen() {
        if (segments.length == MOST_SEGMENTS) {
            throw new IllegalStateException("a projection has more than " + MOST_SEGMENTS + " segments");
        }
        @Nullable RowsOfSegment[] wider = new RowsOfSegment[segments.length * 2];
        for (long number = oldest; number <= youngest; number++) {
            wider[(int) number & (wider.length - 1)] = segments[ring(number)];
        }
        segments = wider;
    }

    private static int pack(long segment, int row) {
        return (((int) segment & SEGMENT_MASK) << ROW_BITS | row) + 1;
    }

    private long segmentOf(int slot) {
        int low = (slot - 1) >>> ROW_BITS;
        return oldest + (low - (int) oldest & SEGMENT_MASK);
    }

    private long hashOf(int slot) {
        return Objects.requireNonNull(segments[ring(segmentOf(slot))]).hashes[slot - 1 & ROW_MASK];
    }

    private int home(long idHash) {
        return (int) ((idHash * spread) >>> Integer.SIZE) & (slots.length - 1);
    }

    private void insert(long idHash, int place) {
        int at = home(idHash);
        while (slots[at] != FREE) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = place;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        for (long number = oldest; number <= youngest; number++) {
            RowsOfSegment segment = segments[ring(number)];
            for (int row = 0; segment != null && row < segment.count; row++) {
                insert(segment.hashes[row], pack(number, row));
            }
        }
    }

    /** Returns the places of all rows with an id hash, in their order. */
    public List<RowPlace> find(long idHash) {
        List<RowPlace> found = List.of();
        for (int at = home(idHash); slots[at] != FREE; at = at + 1 & slots.length - 1) {
            int slot = slots[at];
            if (hashOf(slot) == idHash) {
                RowPlace place = new RowPlace(segmentOf(slot), slot - 1 & ROW_MASK);
                if (found.isEmpty()) {
                    found = List.of(place);
                } else {
                    found = new ArrayList<>(found);
                    found.add(place);
                }
            }
        }
        if (found.size() > 1) {
            Collections.sort(found);
        }
        return found;
    }

    /** The id hash of a row. */
    public long idHash(RowPlace place) {
        return required(place).hashes[place.row()];
    }

    /** The state of a row, as the row's column holds it. */
    public int state(RowPlace place) {
        return required(place).states[place.row()] & STATE_MASK;
    }

    public void state(RowPlace place, int state) {
        RowsOfSegment segment = required(place);
        counts[segment.states[place.row()] & STATE_MASK]--;
        segment.states[place.row()] = (byte) state;
        counts[state]++;
    }

    /** The size of a row's stored record in bytes; 0 if it is not known. */
    public int size(RowPlace place) {
        return required(place).sizes[place.row()];
    }

    public void size(RowPlace place, int bytes) {
        required(place).sizes[place.row()] = bytes;
    }

    private RowsOfSegment required(RowPlace place) {
        RowsOfSegment segment = known(place.segment());
        if (segment == null || place.row() >= segment.count) {
            throw new IllegalArgumentException("there is no row " + place);
        }
        return segment;
    }

    /** Removes all rows of a segment. */
    public void remove(long number) {
        RowsOfSegment gone = known(number);
        if (gone == null) {
            return;
        }
        for (int row = 0; row < gone.count; row++) {
            delete(gone.hashes[row], pack(number, row));
            counts[gone.states[row] & STATE_MASK]--;
        }
        rows -= gone.count;
        rowBytes -= (long) gone.hashes.length * BYTES_PER_ROW;
        segments[ring(number)] = null;
        while (oldest <= youngest && segments[ring(oldest)] == null) {
            oldest++;
        }
        if (oldest > youngest) {
            oldest = -1;
            youngest = -1;
        }
    }

    /** Frees the slot of a row, and moves the rows behind it so that no search ends too early. */
    private void delete(long idHash, int place) {
        int mask = slots.length - 1;
        int hole = home(idHash);
        while (slots[hole] != place) {
            hole = hole + 1 & mask;
        }
        for (int at = hole + 1 & mask; slots[at] != FREE; at = at + 1 & mask) {
            int home = home(hashOf(slots[at]));
            if ((at - home & mask) >= (at - hole & mask)) {
                slots[hole] = slots[at];
                hole = at;
            }
        }
        slots[hole] = FREE;
    }

    /** Number of rows in a state. */
    public long count(int state) {
        return counts[state];
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** The memory that the index occupies, in bytes. */
    public long heldBytes() {
        return rowBytes + (long) slots.length * Integer.BYTES + (long) segments.length * Integer.BYTES;
    }
}
