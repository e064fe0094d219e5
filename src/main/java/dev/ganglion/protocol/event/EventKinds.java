package dev.ganglion.protocol.event;

import java.util.Set;

/**
 * The kinds of events that the protocol lists. Events of any other kind are stored too, and shown as {@link #UNKNOWN}.
 */
public final class EventKinds {
    /** The display name of every kind that the protocol does not list. */
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

    /** Returns the kind if the protocol lists it, otherwise {@link #UNKNOWN}. */
    public static String listed(String kind) {
        return LISTED.contains(kind) ? kind : UNKNOWN;
    }
}
