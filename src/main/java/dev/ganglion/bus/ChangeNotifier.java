package dev.ganglion.bus;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Forwards change notices and bundles frequent ones. Thread-safe.
 *
 * <p>The first notice is forwarded at once. Notices within {@link #INTERVAL_MS} after it are forwarded together at the
 * end of that interval. So a node sends only a few messages a second, however many changes happen.
 */
final class ChangeNotifier {
    /** Minimum time between two bundles, in milliseconds. */
    static final long INTERVAL_MS = 250;
    /** Maximum number of changes in one message. */
    static final int MAX_CHANGES = 1_000;

    private final Vertx vertx;
    /** A context that belongs to no verticle. A timer on a verticle's context would end with the verticle. */
    private final Context outside;

    private final Consumer<Set<ChangeNotice>> out;
    private Set<ChangeNotice> waiting = new LinkedHashSet<>();
    private boolean resting;

    ChangeNotifier(Vertx vertx, Consumer<Set<ChangeNotice>> out) {
        this.vertx = vertx;
        this.outside = vertx.getOrCreateContext();
        this.out = out;
    }

    void changed(ChangeNotice change) {
        synchronized (this) {
            waiting.add(change);
            if (resting) {
                return;
            }
            resting = true;
        }
        outside.runOnContext(v -> flush());
    }

    private void flush() {
        Set<ChangeNotice> due;
        synchronized (this) {
            due = waiting;
            resting = !due.isEmpty();
            if (!resting) {
                return;
            }
            waiting = new LinkedHashSet<>();
        }
        vertx.setTimer(INTERVAL_MS, timer -> flush());
        List<ChangeNotice> all = List.copyOf(due);
        for (int from = 0; from < all.size(); from += MAX_CHANGES) {
            out.accept(Set.copyOf(all.subList(from, Math.min(all.size(), from + MAX_CHANGES))));
        }
    }
}
