package dev.ganglion.store.page;

/**
 * Counts the bytes of the items of one page. A page ends before the item that would exceed {@link #MAX}. Its first item
 * may be larger, so that every page has an item. Not thread-safe.
 */
public final class PageBytes {
    /** Largest page of more than one item, in bytes (2 MiB). */
    public static final long MAX = 2L << 20;
    /** Bytes that are read from Redis at once, unless a single item is larger (512 KiB). */
    public static final long SLICE = 512L << 10;

    private long bytes;

    /** Whether the page has room for an item of {@code size} bytes. */
    public boolean fits(long size) {
        return fits(0, size);
    }

    /** Whether the page has room for an item of {@code size} bytes behind items of {@code planned} bytes. */
    public boolean fits(long planned, long size) {
        return bytes + planned == 0 || bytes + planned + size <= MAX;
    }

    /** Adds an item to the page. */
    public void add(long size) {
        bytes += Math.max(1, size);
    }

    /** Whether the page ends here, whatever comes next. */
    public boolean isFull() {
        return bytes >= MAX;
    }
}
