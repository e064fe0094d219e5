package dev.ganglion.cluster;

import java.util.Set;

/** Which nodes are there, as this node knows it. Thread-safe; never blocks. */
public interface Liveness {
    /** This node. */
    String self();

    /** Nodes that live: their key stands in the store, or the cluster sees them. This node is always among them. */
    Set<String> live();

    /** Nodes that live by both accounts: what they hold, they hold. */
    Set<String> trusted();

    /** Whether {@link #live} is young enough to call a node dead that is not in it. */
    boolean fresh();
}
