package dev.ganglion.budget;

/**
 * Decides whether a request body arrives fast enough to keep its memory. In each interval of 10 s, at least 1 KiB and at
 * least an eighth of the bytes that arrived before must arrive. A body that arrives at a constant rate within a minute
 * always meets this. Not thread-safe.
 */
public final class UploadPace {
    /** Time between two checks, in milliseconds. */
    public static final long INTERVAL_MS = 10_000;

    private static final long MIN_BYTES = 1_024;
    private static final int SHARE = 8;

    private long before;

    /**
     * Checks the progress since the previous check.
     *
     * @param bytes number of bytes that have arrived so far
     */
    public boolean tooSlow(long bytes) {
        boolean slow = bytes - before < Math.max(MIN_BYTES, before / SHARE);
        before = bytes;
        return slow;
    }
}
