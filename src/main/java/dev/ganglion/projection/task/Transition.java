package dev.ganglion.projection.task;

import java.util.List;

/**
 * Identifies a transition of a task by its kind and its time to the second. Two reports of the same transition have the
 * same key, although every worker of a broker reports it under its own event id.
 */
public final class Transition {
    private static final List<String> KINDS = List.of(
            "task.sent",
            "task.received",
            "task.started",
            "task.succeeded",
            "task.failed",
            "task.retried",
            "task.revoked",
            "task.rejected");
    private static final int CODES = 32;
    private static final int OTHER = CODES - 1;
    private static final long RETRIED = KINDS.indexOf("task.retried");

    private Transition() {}

    /** Encodes kind and second as one number. Keys of earlier seconds are smaller. */
    public static long key(String kind, long second) {
        int code = KINDS.indexOf(kind);
        return second * CODES + (code < 0 ? OTHER : code);
    }

    static boolean isRetry(long key) {
        return Math.floorMod(key, (long) CODES) == RETRIED;
    }
}
