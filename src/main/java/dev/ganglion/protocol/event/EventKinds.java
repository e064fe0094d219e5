package dev.ganglion.protocol.event;

import dev.ganglion.protocol.json.CanonicalStringReader;
import java.util.List;
import java.util.Set;

/**
 * The kinds of events that the protocol lists. Events of any other kind are stored too, and shown as {@link #UNKNOWN}.
 */
public final class EventKinds {
    /** The display name of every kind that the protocol does not list. */
    public static final String UNKNOWN = "unknown";

    /** The most frequent kinds come first. */
    private static final List<String> KINDS = List.of(
            "task.started",
            "task.succeeded",
            "task.received",
            "task.sent",
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

    private static final Set<String> LISTED = Set.copyOf(KINDS);

    private EventKinds() {}

    /** Returns the kind if the protocol lists it, otherwise {@link #UNKNOWN}. */
    public static String listed(String kind) {
        return LISTED.contains(kind) ? kind : UNKNOWN;
    }

    /**
     * Returns the listed kind that the canonical JSON string at {@code [start, end)} names, otherwise {@link #UNKNOWN}.
     */
    public static String listed(byte[] bytes, int start, int end) {
        for (int i = 0; i < KINDS.size(); i++) {
            String kind = KINDS.get(i);
            if (CanonicalStringReader.is(bytes, start, end, kind)) {
                return kind;
            }
        }
        return UNKNOWN;
    }
}
