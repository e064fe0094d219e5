package dev.ganglion.cluster;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Stores the records by which nodes find each other independently of Hazelcast. */
public interface NodeStore {

    /**
     * The answer to a renewal.
     *
     * @param nodes nodes that have a record, including the calling node
     * @param known whether the calling node's own record still existed before this renewal
     * @param time the store's clock
     */
    record Renewal(List<NodeRecord> nodes, boolean known, Instant time) {}

    /** Writes a node's record, which then expires after ten seconds, and returns all records. */
    Future<Renewal> renew(NodeRecord self);

    /** Removes a node's record at once. */
    Future<Void> leave(String id);

    /**
     * An id that distinguishes this store from every other store. It never changes and is the same for all nodes that
     * use the store.
     */
    Future<String> identity();
}
