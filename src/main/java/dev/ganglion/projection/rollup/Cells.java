package dev.ganglion.projection.rollup;

/**
 * The totals of one series in the cells of one block. Cells that were filled apart, by the stored value and by the
 * events since, merge to the same result in any order. Not thread-safe.
 */
interface Cells {
    /** Adds the totals of a stored value. */
    void merge(byte[] stored);

    /** The totals as bytes; equal totals have equal bytes. */
    byte[] encode(ValueWriter out);

    /** Estimates the heap that the totals occupy, in bytes. */
    int bytes();
}
