package dev.ganglion.event;

import io.vertx.core.Future;

/** Reads stored events back. What was acked is found at once, on every node. */
public interface EventStore {

    /**
     * A page of a project's events, newest first.
     *
     * @throws dev.ganglion.protocol.GanglionException (in the future) {@code invalid_request} for a cursor that is not
     *     ours, {@code store_unavailable} while the store is away
     */
    Future<EventPage> events(String projectId, int shards, EventQuery query);

    /** Drops what is older than the retention's age or over its bytes. Completes with the number of batches dropped. */
    Future<Long> trim(String projectId, int shards);
}
