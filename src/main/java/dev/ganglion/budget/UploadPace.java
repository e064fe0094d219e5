package dev.ganglion.budget;

/**
 * Decides whether a request body arrives fast enough to keep its memory. In each interval of 5 s, at least 512 bytes and
 * at least a sixteenth of the bytes that arrived before must arrive. A body that arrives at a constant rate within a minute
 * always meets this. Not thread-safe.
 */
public final class UploadPace {
    /** Time between two checks, in milliseconds. */
    public static final long INTERVAL_MS = 5_000;

    private static final long MIN_BYTES = 512;
    private static final int SHARE = 16;

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
