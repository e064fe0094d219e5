package dev.ganglion.projection.rollup;

/**
 * Counts the transitions and runtimes of one series of tasks. A correction counts with a negative number. Times are in
 * milliseconds since 1970.
 */
public final class TaskTotals {
    private final BlockCache cache;
    private final Series<TaskCells> series;

    TaskTotals(BlockCache cache, Series<TaskCells> series) {
        this.cache = cache;
        this.series = series;
    }

    /**
     * Counts a transition.
     *
     * @param receivedMs time when its event was stored
     */
    public void count(TransitionKind kind, long atMs, long receivedMs, int by) {
        for (RollUpLevel level : RollUpLevel.ALL) {
            OpenBlock<TaskCells> block = cache.find(series, level, atMs, receivedMs);
            if (block != null) {
                block.cells.count(level.cell(atMs), kind, by);
                cache.changed(block);
            }
        }
    }

    /**
     * Counts a run that ended.
     *
     * @param receivedMs time when the event of its end was stored
     */
    public void ran(long runtimeMs, long atMs, long receivedMs, int by) {
        for (RollUpLevel level : RollUpLevel.ALL) {
            OpenBlock<TaskCells> block = cache.find(series, level, atMs, receivedMs);
            if (block != null) {
                block.cells.runtime(level.cell(atMs), runtimeMs, by);
                cache.changed(block);
            }
        }
    }
}
