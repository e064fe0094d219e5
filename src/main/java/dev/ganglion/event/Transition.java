package dev.ganglion.event;

import java.util.List;

/**
 * What makes two reports of a task one: the kind, and the time to the second. Every worker of a broker reports a
 * transition under an id of its own.
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

    /** One number for both; those of earlier seconds are smaller. */
    public static long key(String kind, long second) {
        int code = KINDS.indexOf(kind);
        return second * CODES + (code < 0 ? OTHER : code);
    }

    static boolean isRetry(long key) {
        return Math.floorMod(key, (long) CODES) == RETRIED;
    }
}
