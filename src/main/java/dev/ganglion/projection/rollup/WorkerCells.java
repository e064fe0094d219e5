package dev.ganglion.projection.rollup;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;

/**
 * The engine workers that tasks name, and how many are online. Each worker is a hash of 32 bits with a bit per cell. Two of 5,000 workers
 * have the same hash with a probability of 0.3 %; then they count as one.
 */
final class WorkerCells implements Cells {
    /** Largest number of workers in a block; further ones do not count. */
    static final int MAX_WORKERS = 5_000;

    private static final int VERSION = 1;
    private static final int UNKNOWN = -1;
    private static final int HEAP = 64;
    private static final int FIRST_SIZE = 16;
    private static final int SPREAD = 0x9E3779B9;

    /** Open addressing; a slot without any cells is free. */
    private int[] hashes = new int[FIRST_SIZE];

    private short[] cells = new short[FIRST_SIZE];
    private int size;

    /** Highest number of workers online by cell, as surveys counted them; -1 without a survey. */
    private final int[] online;

    WorkerCells(RollUpLevel level) {
        this.online = new int[level.cells()];
        Arrays.fill(online, UNKNOWN);
    }

    static WorkerCells of(RollUpLevel level, byte[] stored) {
        WorkerCells workers = new WorkerCells(level);
        workers.merge(stored);
        return workers;
    }

    /** Notes how many workers are online. Returns false if that changes nothing. */
    boolean online(int count, int cell) {
        if (count <= online[cell]) {
            return false;
        }
        online[cell] = count;
        return true;
    }

    /** Highest number of workers online in a cell; -1 if unknown. */
    int online(int cell) {
        return online[cell];
    }

    /** Hash of an engine worker; the same in every release. */
    static int hash(String engine, String worker) {
        return SPREAD * engine.hashCode() + worker.hashCode();
    }

    /** Notes a worker. Returns false if it is already noted, or if there are too many. */
    boolean add(int hash, int cell) {
        return add(hash, (short) (1 << cell));
    }

    @CanIgnoreReturnValue
    private boolean add(int hash, short bits) {
        int slot = slot(hash);
        if (cells[slot] == 0) {
            if (size == MAX_WORKERS) {
                return false;
            }
            size++;
            hashes[slot] = hash;
            cells[slot] = bits;
            if (size * 2 > hashes.length) {
                grow();
            }
            return true;
        }
        boolean changed = (cells[slot] | bits) != cells[slot];
        cells[slot] |= bits;
        return changed;
    }

    private int slot(int hash) {
        int mask = hashes.length - 1;
        int slot = ((hash * SPREAD) >>> 7) & mask;
        while (cells[slot] != 0 && hashes[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int[] oldHashes = hashes;
        short[] oldCells = cells;
        hashes = new int[oldHashes.length * 2];
        cells = new short[oldCells.length * 2];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldCells[i] != 0) {
                int slot = slot(oldHashes[i]);
                hashes[slot] = oldHashes[i];
                cells[slot] = oldCells[i];
            }
        }
    }

    /** Number of workers in a cell. */
    int count(int cell) {
        int count = 0;
        for (short bits : cells) {
            count += bits >> cell & 1;
        }
        return count;
    }

    @Override
    public void merge(byte[] stored) {
        ValueReader in = new ValueReader(stored, VERSION);
        for (int cell = 0; cell < online.length; cell++) {
            online[cell] = Math.max(online[cell], (int) in.signed());
        }
        long hash = 0;
        while (in.hasMore()) {
            hash += in.number();
            add((int) hash, (short) in.number());
        }
    }

    @Override
    public byte[] encode(ValueWriter out) {
        out.bits(VERSION);
        for (int count : online) {
            out.signed(count);
        }
        long[] sorted = new long[size];
        int next = 0;
        for (int i = 0; i < hashes.length; i++) {
            if (cells[i] != 0) {
                sorted[next++] = (hashes[i] & 0xFFFFFFFFL) << Short.SIZE | (cells[i] & 0xFFFFL);
            }
        }
        Arrays.sort(sorted);
        long before = 0;
        for (long worker : sorted) {
            out.number((worker >>> Short.SIZE) - before);
            out.number(worker & 0xFFFFL);
            before = worker >>> Short.SIZE;
        }
        return out.take();
    }

    @Override
    public int bytes() {
        return HEAP + online.length * Integer.BYTES + hashes.length * (Integer.BYTES + Short.BYTES);
    }
}
