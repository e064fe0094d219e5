package dev.ganglion.cluster;

import java.util.Set;

/** Answers which nodes are alive, as far as this node knows. Thread-safe; never blocks. */
public interface Liveness {
    /** The id of this node. */
    String self();

    /** Nodes that have a record in the store or that the cluster sees. Always includes this node. */
    Set<String> live();

    /**
     * Nodes that have a record in the store and that the cluster sees. Their slots count towards an agent's cap. Always
     * includes this node.
     */
    Set<String> trusted();

    /** Whether this node's view is recent enough to treat a node that {@link #live} lacks as dead. */
    boolean recent();
}
