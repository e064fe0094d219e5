package dev.ganglion.projection.rollup;

/**
 * Counts what happens in a queue. A correction counts with a negative number. Times are in milliseconds since 1970;
 * {@code receivedMs} is the time when the event was stored.
 */
public final class QueueTotals {
    private final BlockCache cache;
    private final Series<QueueCells> series;

    QueueTotals(BlockCache cache, Series<QueueCells> series) {
        this.cache = cache;
        this.series = series;
    }

    /** Notes a reported depth. */
    public void depth(long depth, long atMs, long receivedMs) {
        cache.change(series, atMs, receivedMs, (cells, cell, offset) -> {
            cells.depth(cell, offset, Math.max(0, depth));
            return true;
        });
    }

    /** Counts a task that entered the queue. */
    public void entered(long atMs, long receivedMs, int by) {
        cache.change(series, atMs, receivedMs, (cells, cell, offset) -> {
            cells.entered(cell, by);
            return true;
        });
    }

    /** Counts a task that left the queue. */
    public void left(long atMs, long receivedMs, int by) {
        cache.change(series, atMs, receivedMs, (cells, cell, offset) -> {
            cells.left(cell, by);
            return true;
        });
    }

    /** Counts a wait of a task, at the time when it ended. */
    public void waited(long waitedMs, long atMs, long receivedMs, int by) {
        cache.change(series, atMs, receivedMs, (cells, cell, offset) -> {
            cells.waited(cell, waitedMs, by);
            return true;
        });
    }
}
