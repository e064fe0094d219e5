package dev.ganglion.projection.rollup;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reported depths of a queue, numbers of tasks that entered and left it, and how long they waited. */
final class QueueCells implements Cells {
    private static final int VERSION = 1;
    private static final int DEPTH = 1;
    private static final int FLOW = 2;
    private static final int WAITS = 4;
    private static final int HEAP = 128;
    private static final int CELL_HEAP = 40;
    private static final int UNKNOWN = -1;

    private final long[] lastDepths;
    private final long[] highestDepths;
    /** Time of the last depth within its cell, in milliseconds; -1 without a depth. */
    private final int[] depthOffsets;

    private final int[] in;
    private final int[] out;
    private final @Nullable DurationHistogram[] waits;

    QueueCells(RollUpLevel level) {
        int cells = level.cells();
        this.lastDepths = new long[cells];
        this.highestDepths = new long[cells];
        this.depthOffsets = new int[cells];
        this.in = new int[cells];
        this.out = new int[cells];
        this.waits = new DurationHistogram[cells];
        Arrays.fill(depthOffsets, UNKNOWN);
    }

    static QueueCells of(RollUpLevel level, byte[] stored) {
        QueueCells cells = new QueueCells(level);
        cells.merge(stored);
        return cells;
    }

    /** Notes a depth. Of two depths at the same time, the higher one counts. */
    void depth(int cell, int offset, long depth) {
        highestDepths[cell] = Math.max(highestDepths[cell], depth);
        if (offset > depthOffsets[cell] || (offset == depthOffsets[cell] && depth > lastDepths[cell])) {
            depthOffsets[cell] = offset;
            lastDepths[cell] = depth;
        }
    }

    void entered(int cell, int by) {
        in[cell] += by;
    }

    void left(int cell, int by) {
        out[cell] += by;
    }

    void waited(int cell, long waitedMs, int by) {
        histogram(cell).add(waitedMs, by);
    }

    private DurationHistogram histogram(int cell) {
        DurationHistogram histogram = waits[cell];
        if (histogram == null) {
            histogram = new DurationHistogram();
            waits[cell] = histogram;
        }
        return histogram;
    }

    /** The last depth of a cell; -1 if none was reported. */
    long lastDepth(int cell) {
        return depthOffsets[cell] < 0 ? UNKNOWN : lastDepths[cell];
    }

    /** The highest depth of a cell; -1 if none was reported. */
    long highestDepth(int cell) {
        return depthOffsets[cell] < 0 ? UNKNOWN : highestDepths[cell];
    }

    int entered(int cell) {
        return in[cell];
    }

    int left(int cell) {
        return out[cell];
    }

    @Nullable
    DurationHistogram waits(int cell) {
        return waits[cell];
    }

    boolean isEmpty(int cell) {
        return parts(cell) == 0;
    }

    private int parts(int cell) {
        DurationHistogram histogram = waits[cell];
        return (depthOffsets[cell] < 0 ? 0 : DEPTH)
                | (in[cell] == 0 && out[cell] == 0 ? 0 : FLOW)
                | (histogram == null || histogram.isEmpty() ? 0 : WAITS);
    }

    @Override
    public void merge(byte[] stored) {
        ValueReader value = new ValueReader(stored, VERSION);
        while (value.hasMore()) {
            int cell = value.bits();
            int parts = value.bits();
            if ((parts & DEPTH) != 0) {
                int offset = value.size();
                depth(cell, offset, value.number());
                highestDepths[cell] = Math.max(highestDepths[cell], value.number());
            }
            if ((parts & FLOW) != 0) {
                in[cell] += (int) value.signed();
                out[cell] += (int) value.signed();
            }
            if ((parts & WAITS) != 0) {
                histogram(cell).merge(value);
            }
        }
    }

    @Override
    public byte[] encode(ValueWriter value) {
        value.bits(VERSION);
        for (int cell = 0; cell < waits.length; cell++) {
            int parts = parts(cell);
            if (parts == 0) {
                continue;
            }
            value.bits(cell);
            value.bits(parts);
            if ((parts & DEPTH) != 0) {
                value.number(depthOffsets[cell]);
                value.number(lastDepths[cell]);
                value.number(highestDepths[cell]);
            }
            if ((parts & FLOW) != 0) {
                value.signed(in[cell]);
                value.signed(out[cell]);
            }
            if ((parts & WAITS) != 0) {
                histogram(cell).encode(value);
            }
        }
        return value.take();
    }

    @Override
    public int bytes() {
        int bytes = HEAP + waits.length * CELL_HEAP;
        for (DurationHistogram histogram : waits) {
            bytes += histogram == null ? 0 : histogram.bytes();
        }
        return bytes;
    }
}
