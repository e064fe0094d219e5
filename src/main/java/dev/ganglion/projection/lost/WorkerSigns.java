package dev.ganglion.projection.lost;

import org.jspecify.annotations.Nullable;

/**
 * What events and heartbeats told about an engine worker. All times are in milliseconds since 1970, and 0 if there was no
 * such report.
 *
 * @param agentId agent that reported the worker last; null if unknown
 * @param onlineMs time of its last report that it came online, by its own clock
 * @param seenMs time of its last report that it is online or alive, by its own clock
 * @param offlineMs time of its last report that it went offline, by its own clock
 * @param heardMs time when the brain last heard of the worker in any way, by the brain's clock
 * @param offlineHeardMs time when the brain heard that it went offline, by the brain's clock
 * @param pid id of its main process, from heartbeats; null if unknown
 */
public record WorkerSigns(
        @Nullable String agentId,
        long onlineMs,
        long seenMs,
        long offlineMs,
        long heardMs,
        long offlineHeardMs,
        @Nullable Integer pid) {

    /** Whether the last report says that the worker went offline. */
    boolean isOffline() {
        return offlineMs > 0 && offlineMs >= seenMs && offlineHeardMs >= heardMs;
    }
}
