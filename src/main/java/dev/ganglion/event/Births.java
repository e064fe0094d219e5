package dev.ganglion.event;

/**
 * The numbers of tasks in the order that a shard heard of them: the time in ms with ten bits below it, so that each task
 * has one of its own, and doubles hold them until the year 2248. They order lists, and do not change with the task.
 */
public final class Births {
    /** Above all of them. */
    public static final long LAST = 1L << 53;

    private static final long PER_MILLI = 1_024;

    private Births() {}

    /** The next number at a time, above the one before. */
    static long next(long before, long atMs) {
        return Math.max(before + 1, atMs * PER_MILLI);
    }

    /** The smallest number of a time. */
    public static long first(long atMs) {
        return Math.min(LAST, Math.min(atMs, LAST) * PER_MILLI);
    }
}
