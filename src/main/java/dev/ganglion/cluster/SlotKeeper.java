package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;
import dev.ganglion.telemetry.BrainMetrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the slot directory in line with the sockets, every 5 s and at once after a change in the cluster. This node
 * asserts the slots that its sessions hold and removes its holds that no session has. One of the nodes also removes the
 * holds of dead nodes.
 */
public final class SlotKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SlotKeeper.class);
    private static final Duration SWEEP = Duration.ofSeconds(5);
    private static final int SWEEPS_PER_ASSERTION = 3;
    /** Younger holds stay, since this node may not know their node or their session yet. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Vertx vertx;
    /** The context on which all sweeps run, whichever thread requests them. */
    private final Context context;

    private final SharedSlots slots;
    private final Membership nodes;
    private final BrainMetrics metrics;
    private final Clock clock;
    private final Consumer<SessionRef> lost;
    private boolean sweeping;
    private boolean sweepAgain;
    private long timer = -1;
    private int sweeps;
    private volatile boolean stopped;
    private volatile Future<Void> running = Future.succeededFuture();

    SlotKeeper(
            Vertx vertx,
            SharedSlots slots,
            Membership nodes,
            BrainMetrics metrics,
            Clock clock,
            Consumer<SessionRef> lost) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.slots = slots;
        this.nodes = nodes;
        this.metrics = metrics;
        this.clock = clock;
        this.lost = lost;
    }

    /**
     * Starts the sweeps. The first one begins after a random delay, so that nodes that start together do not sweep at
     * the same time.
     */
    void start() {
        timer = vertx.setPeriodic(
                ThreadLocalRandom.current().nextLong(SWEEP.toMillis()),
                SWEEP.toMillis(),
                tick -> context.runOnContext(v -> sweep()));
        nodes.onChange(this::sweepNow);
    }

    /** Stops the sweeps. The future completes when a running sweep has ended. */
    Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return running;
    }

    /** Sweeps at once because the cluster changed. Callable from any thread. */
    void sweepNow() {
        context.runOnContext(v -> {
            sweeps = 0;
            sweep();
        });
    }

    private void sweep() {
        if (stopped) {
            return;
        }
        if (sweeping) {
            sweepAgain = true;
            return;
        }
        sweeping = true;
        boolean assertion = sweeps++ % SWEEPS_PER_ASSERTION == 0;
        long before = clock.millis() - GRACE.toMillis();
        Future<Integer> asserted = assertion ? slots.assertAll() : Future.succeededFuture(0);
        running = asserted.compose(changed -> {
                    metrics.slotsReasserted(changed);
                    return assertion ? slots.dropStaleHolds(before) : Future.succeededFuture(0);
                })
                .compose(dropped -> clearUp(before))
                .onFailure(failure -> LOG.atDebug()
                        .setCause(failure)
                        .log("Failed to sweep the slot directory; retrying with the next sweep"))
                .otherwiseEmpty()
                .onComplete(done -> {
                    sweeping = false;
                    if (sweepAgain) {
                        sweepAgain = false;
                        sweep();
                    }
                });
    }

    /**
     * Removes the holds of dead nodes and reports their sessions as lost. Only the node with the lowest id does this,
     * since one node suffices.
     */
    private Future<Void> clearUp(long before) {
        if (!nodes.recent() || !nodes.self().equals(new TreeSet<>(nodes.trusted()).first())) {
            return Future.succeededFuture();
        }
        return slots.dropHoldsOfDeadNodes(nodes.live(), before).map(dropped -> {
            if (!dropped.isEmpty()) {
                LOG.atInfo().addKeyValue("slots", dropped.size()).log("Freed the slots of dead nodes");
            }
            dropped.forEach(lost);
            return null;
        });
    }
}
