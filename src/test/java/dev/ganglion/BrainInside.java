package dev.ganglion;

import dev.ganglion.bus.NodeBus;
import dev.ganglion.cluster.SlotDirectory;
import io.vertx.core.Vertx;

/** What tests look at inside a running brain. */
public final class BrainInside {
    private BrainInside() {}

    /** What the brain runs on. */
    public static Vertx vertx(Brain brain) {
        return brain.vertx();
    }

    /** Its name in the cluster. */
    public static String nodeId(Brain brain) {
        return brain.node().id();
    }

    /** How it speaks to other nodes. */
    public static NodeBus nodes(Brain brain) {
        return brain.node().nodes();
    }

    /** The slots that it knows of all nodes. */
    public static SlotDirectory slots(Brain brain) {
        return brain.node().slots();
    }
}
