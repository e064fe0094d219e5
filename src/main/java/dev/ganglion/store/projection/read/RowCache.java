package dev.ganglion.store.projection.read;

import dev.ganglion.projection.segment.Rows;
import dev.ganglion.projection.segment.Segments.Segment;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows of closed segments that this node read last, within a limit of bytes. They are valid while the store
 * describes the segment as it did before they were read, because each step that writes a row changes the segment's
 * version. Thread-safe.
 */
final class RowCache {
    /** An estimate of the memory of an entry beside its rows. */
    private static final int ENTRY_BYTES = 256;

    private final long mostBytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** The rows of a segment. */
    private record Entry(Segment segment, Rows rows) {
        long bytes() {
            return (long) ENTRY_BYTES + rows.bytes().length;
        }
    }

    RowCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Returns the rows of a segment; null if they are not kept.
     *
     * @param key key of the rows in the store
     */
    synchronized @Nullable Rows get(String key, Segment segment) {
        Entry entry = entries.get(key);
        return entry == null || !entry.segment().equals(segment) ? null : entry.rows();
    }

    /**
     * Keeps the rows of a segment, and drops rows that were not used for the longest time.
     *
     * @param segment the segment as the store described it before its rows were read
     */
    synchronized void put(String key, Segment segment, Rows rows) {
        Entry known = entries.get(key);
        if (known != null && known.segment().version() > segment.version()) {
            return;
        }
        Entry entry = new Entry(segment, rows);
        entries.put(key, entry);
        bytes += entry.bytes() - (known == null ? 0 : known.bytes());
        Iterator<Entry> oldest = entries.values().iterator();
        while (bytes > mostBytes) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    /** Bytes that the rows occupy. */
    synchronized long bytes() {
        return bytes;
    }
}
