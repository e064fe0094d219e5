package dev.ganglion.projection;

/**
 * Numbers tasks in the order in which a shard first saw them. A number is the time in milliseconds, shifted left by ten
 * bits, so that each task gets its own. Redis stores the numbers as doubles, which represent them exactly until the
 * year 2248. The numbers order lists, and a task keeps its number.
 */
public final class TaskOrder {
    /** Larger than every number. */
    public static final long LAST = 1L << 53;

    private static final long PER_MILLI = 1_024;

    private TaskOrder() {}

    /** The next number at a time in milliseconds since 1970; always larger than the number before. */
    static long next(long before, long atMs) {
        return Math.max(before + 1, atMs * PER_MILLI);
    }

    /** The smallest number of a time in milliseconds since 1970. */
    public static long first(long atMs) {
        return Math.min(LAST, Math.min(atMs, LAST) * PER_MILLI);
    }
}
