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
        for (RollUpLevel level : RollUpLevel.ALL) {
            OpenBlock<QueueCells> block = cache.find(series, level, atMs, receivedMs);
            if (block != null) {
                block.cells.depth(level.cell(atMs), level.offset(atMs), Math.max(0, depth));
                cache.changed(block);
            }
        }
    }

    /** Counts a task that entered the queue. */
    public void entered(long atMs, long receivedMs, int by) {
        for (RollUpLevel level : RollUpLevel.ALL) {
            OpenBlock<QueueCells> block = cache.find(series, level, atMs, receivedMs);
            if (block != null) {
                block.cells.entered(level.cell(atMs), by);
                cache.changed(block);
            }
        }
    }

    /** Counts a task that left the queue. */
    public void left(long atMs, long receivedMs, int by) {
        for (RollUpLevel level : RollUpLevel.ALL) {
            OpenBlock<QueueCells> block = cache.find(series, level, atMs, receivedMs);
            if (block != null) {
                block.cells.left(level.cell(atMs), by);
                cache.changed(block);
            }
        }
    }

    /** Counts a wait of a task, at the time when it ended. */
    public void waited(long waitedMs, long atMs, long receivedMs, int by) {
        for (RollUpLevel level : RollUpLevel.ALL) {
            OpenBlock<QueueCells> block = cache.find(series, level, atMs, receivedMs);
            if (block != null) {
                block.cells.waited(level.cell(atMs), waitedMs, by);
                cache.changed(block);
            }
        }
    }
}
