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
 * Keeps the directory equal to the sockets: this node asserts what it holds, takes back what it is only said to hold, and
 * one of the nodes clears up after those that are gone. Every few seconds, and at once when something changed.
 */
public final class SlotKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SlotKeeper.class);
    private static final Duration SWEEP = Duration.ofSeconds(5);
    private static final int SWEEPS_PER_ASSERTION = 3;
    /** Younger holds are left alone: they may be of a node, or a session, that is not yet known here. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Vertx vertx;
    /** Where all tidying runs, whoever asks for it. */
    private final Context home;

    private final SharedSlots slots;
    private final Membership nodes;
    private final BrainMetrics metrics;
    private final Clock clock;
    private final Consumer<SessionRef> lost;
    private boolean working;
    private boolean again;
    private long timer = -1;
    private int sweeps;
    private volatile boolean stopped;
    private volatile Future<Void> underWay = Future.succeededFuture();

    SlotKeeper(
            Vertx vertx,
            SharedSlots slots,
            Membership nodes,
            BrainMetrics metrics,
            Clock clock,
            Consumer<SessionRef> lost) {
        this.vertx = vertx;
        this.home = vertx.getOrCreateContext();
        this.slots = slots;
        this.nodes = nodes;
        this.metrics = metrics;
        this.clock = clock;
        this.lost = lost;
    }

    /** Begins; the first assertion comes after a while of its own, so that nodes that start together do not ask together. */
    void start() {
        timer = vertx.setPeriodic(
                ThreadLocalRandom.current().nextLong(SWEEP.toMillis()),
                SWEEP.toMillis(),
                tick -> home.runOnContext(v -> tidy()));
        nodes.onChange(this::changed);
    }

    /** Stops; completes when what is on its way came to its end. */
    Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return underWay;
    }

    /** Something changed in the cluster: tidies at once, from any thread. */
    void changed() {
        home.runOnContext(v -> {
            sweeps = 0;
            tidy();
        });
    }

    private void tidy() {
        if (stopped) {
            return;
        }
        if (working) {
            again = true;
            return;
        }
        working = true;
        boolean assertion = sweeps++ % SWEEPS_PER_ASSERTION == 0;
        long before = clock.millis() - GRACE.toMillis();
        Future<Integer> asserted = assertion ? slots.assertAll() : Future.succeededFuture(0);
        underWay = asserted.compose(changed -> {
                    metrics.reasserted(changed);
                    return assertion ? slots.dropForgotten(before) : Future.succeededFuture(0);
                })
                .compose(dropped -> clearUp(before))
                .onFailure(failure -> LOG.atDebug().setCause(failure).log("the directory could not be tidied"))
                .otherwiseEmpty()
                .onComplete(done -> {
                    working = false;
                    if (again) {
                        again = false;
                        tidy();
                    }
                });
    }

    /** One node is enough: the one with the lowest id. What nodes that are gone held is closed for them. */
    private Future<Void> clearUp(long before) {
        if (!nodes.fresh() || !nodes.self().equals(new TreeSet<>(nodes.trusted()).first())) {
            return Future.succeededFuture();
        }
        return slots.dropStrangers(nodes.live(), before).map(dropped -> {
            if (!dropped.isEmpty()) {
                LOG.atInfo().addKeyValue("slots", dropped.size()).log("slots of nodes that are gone were freed");
            }
            dropped.forEach(lost);
            return null;
        });
    }
}
