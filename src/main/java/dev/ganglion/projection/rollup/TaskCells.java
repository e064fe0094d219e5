package dev.ganglion.projection.rollup;

import org.jspecify.annotations.Nullable;

/**
 * Numbers of transitions by kind, and runtimes. A stored value holds only the cells that have any: the cell's number, a
 * bit per kind that has a count, and the counts.
 */
final class TaskCells implements Cells {
    private static final int VERSION = 1;
    private static final int KINDS = TransitionKind.values().length;
    private static final int RUNTIMES = 1 << 7;
    private static final int HEAP = 96;

    private final int[] counts;
    private final long[] runtimeSums;
    private final @Nullable DurationHistogram[] runtimes;

    TaskCells(RollUpLevel level) {
        this.counts = new int[level.cells() * KINDS];
        this.runtimeSums = new long[level.cells()];
        this.runtimes = new DurationHistogram[level.cells()];
    }

    static TaskCells of(RollUpLevel level, byte[] stored) {
        TaskCells cells = new TaskCells(level);
        cells.merge(stored);
        return cells;
    }

    void count(int cell, TransitionKind kind, int by) {
        counts[cell * KINDS + kind.code()] += by;
    }

    void runtime(int cell, long runtimeMs, int by) {
        runtimeSums[cell] += runtimeMs * by;
        histogram(cell).add(runtimeMs, by);
    }

    private DurationHistogram histogram(int cell) {
        DurationHistogram histogram = runtimes[cell];
        if (histogram == null) {
            histogram = new DurationHistogram();
            runtimes[cell] = histogram;
        }
        return histogram;
    }

    int count(int cell, TransitionKind kind) {
        return counts[cell * KINDS + kind.code()];
    }

    long runtimeSum(int cell) {
        return runtimeSums[cell];
    }

    @Nullable
    DurationHistogram runtimes(int cell) {
        return runtimes[cell];
    }

    boolean isEmpty(int cell) {
        return kinds(cell) == 0 && !hasRuntimes(cell);
    }

    private boolean hasRuntimes(int cell) {
        DurationHistogram histogram = runtimes[cell];
        return runtimeSums[cell] != 0 || (histogram != null && !histogram.isEmpty());
    }

    /** A bit for each kind that has a count. */
    private int kinds(int cell) {
        int bits = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            bits |= counts[cell * KINDS + kind] == 0 ? 0 : 1 << kind;
        }
        return bits;
    }

    @Override
    public void merge(byte[] stored) {
        ValueReader in = new ValueReader(stored, VERSION);
        while (in.hasMore()) {
            int head = in.bits();
            int cell = head & ~RUNTIMES;
            int kinds = in.size();
            for (int kind = 0; kind < KINDS; kind++) {
                if ((kinds & 1 << kind) != 0) {
                    counts[cell * KINDS + kind] += (int) in.signed();
                }
            }
            if ((head & RUNTIMES) != 0) {
                runtimeSums[cell] += in.signed();
                histogram(cell).merge(in);
            }
        }
    }

    @Override
    public byte[] encode(ValueWriter out) {
        out.bits(VERSION);
        for (int cell = 0; cell < runtimes.length; cell++) {
            int kinds = kinds(cell);
            boolean ran = hasRuntimes(cell);
            if (kinds == 0 && !ran) {
                continue;
            }
            out.bits(cell | (ran ? RUNTIMES : 0));
            out.number(kinds);
            for (int kind = 0; kind < KINDS; kind++) {
                if ((kinds & 1 << kind) != 0) {
                    out.signed(counts[cell * KINDS + kind]);
                }
            }
            if (ran) {
                out.signed(runtimeSums[cell]);
                histogram(cell).encode(out);
            }
        }
        return out.take();
    }

    @Override
    public int bytes() {
        int bytes = HEAP + counts.length * Integer.BYTES + runtimes.length * 2 * Long.BYTES;
        for (DurationHistogram histogram : runtimes) {
            bytes += histogram == null ? 0 : histogram.bytes();
        }
        return bytes;
    }
}
