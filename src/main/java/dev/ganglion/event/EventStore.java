package dev.ganglion.event;

import io.vertx.core.Future;

/** Reads stored events. An acknowledged event is visible at once on every node. */
public interface EventStore {

    /**
     * Lists a project's events, newest first.
     *
     * @param shards number of the project's shards
     * @throws dev.ganglion.protocol.error.GanglionException (in the future) {@code invalid_request} for a cursor that
     *     this brain did not issue, {@code store_unavailable} while the store is unreachable
     */
    Future<EventPage> events(String projectId, int shards, EventQuery query);

    /** Deletes events beyond the retention's age or size. Completes with the number of deleted batches. */
    Future<Long> trim(String projectId, int shards);
}
