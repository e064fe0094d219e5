package dev.ganglion.cluster;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Where nodes make themselves known to each other, besides the cluster. */
public interface NodeStore {

    /**
     * Who is there.
     *
     * @param nodes the nodes whose record stands, the asking one among them
     * @param known whether the asking node's own record still stood
     * @param time the store's clock
     */
    record Roll(List<NodeRecord> nodes, boolean known, Instant time) {}

    /** Keeps a node's record for ten seconds more, and calls the roll. */
    Future<Roll> renew(NodeRecord self);

    /** Takes a node's record away at once. */
    Future<Void> leave(String id);

    /** What tells this store from any other: the same for all nodes that use it, for ever. */
    Future<String> identity();
}
