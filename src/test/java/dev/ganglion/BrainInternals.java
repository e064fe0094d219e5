package dev.ganglion;

import dev.ganglion.bus.NodeBus;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.projection.lost.LostTaskSweeper;
import io.vertx.core.Vertx;

/** Gives tests access to the parts of a running brain. */
public final class BrainInternals {
    private BrainInternals() {}

    /** Returns the Vert.x instance of the brain. */
    public static Vertx vertx(Brain brain) {
        return brain.vertx();
    }

    /** Returns the id of the brain's node. */
    public static String nodeId(Brain brain) {
        return brain.node().id();
    }

    /** Returns the bus between nodes. */
    public static NodeBus nodes(Brain brain) {
        return brain.node().nodes();
    }

    /** Connects the search for lost tasks with the sessions, commands and events of the brain. */
    public static LostTaskSweeper.Ports lostTasks(Brain brain) {
        return brain.lostTasks();
    }

    /** Returns the directory of the slots of all nodes. */
    public static SlotDirectory slots(Brain brain) {
        return brain.node().slots();
    }
}
