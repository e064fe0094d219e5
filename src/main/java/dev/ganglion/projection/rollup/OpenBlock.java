package dev.ganglion.projection.rollup;

import dev.ganglion.projection.BlockField;

/** A block of a series in memory. Until the stored value is loaded, it holds only what was added since. */
final class OpenBlock<C extends Cells> {
    private static final int HEAP = 200;

    final Series<C> series;
    final RollUpLevel level;
    final long block;
    final C cells;
    boolean loaded;
    boolean changed;
    long usedMs;
    int bytes;

    OpenBlock(Series<C> series, RollUpLevel level, long block, C cells) {
        this.series = series;
        this.level = level;
        this.block = block;
        this.cells = cells;
    }

    BlockField field() {
        return new BlockField(level.name(block), series.field());
    }

    /** Estimates the heap that the block occupies, in bytes. */
    int measured() {
        return HEAP + cells.bytes();
    }
}
