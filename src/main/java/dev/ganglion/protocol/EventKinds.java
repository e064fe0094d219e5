package dev.ganglion.protocol;

import java.util.Set;

/** The kinds of events that the protocol lists; any other is kept, and shown as {@link #UNKNOWN}. */
public final class EventKinds {
    /** What an unlisted kind is shown as. */
    public static final String UNKNOWN = "unknown";

    private static final Set<String> LISTED = Set.of(
            "task.sent",
            "task.received",
            "task.started",
            "task.succeeded",
            "task.failed",
            "task.retried",
            "task.revoked",
            "task.rejected",
            "worker.online",
            "worker.offline",
            "worker.heartbeat",
            "queue.depth_report",
            "schedule.run_started",
            "schedule.run_completed",
            "schedule.created",
            "schedule.updated",
            "schedule.deleted",
            "schedule.snapshot");

    private EventKinds() {}

    /** The kind itself if it is listed, else {@link #UNKNOWN}. */
    public static String listed(String kind) {
        return LISTED.contains(kind) ? kind : UNKNOWN;
    }
}
