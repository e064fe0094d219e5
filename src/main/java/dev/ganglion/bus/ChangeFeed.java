package dev.ganglion.bus;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells of changes, and of those that come thick and fast only now and then: the first goes out at once, what comes
 * within {@link #INTERVAL_MS} of it goes together at the end of that. So a node sends a few messages a second at the
 * most, however much happens on it. Thread-safe.
 */
final class ChangeFeed {
    /** The time between two messages, in milliseconds. */
    static final long INTERVAL_MS = 250;
    /** Changes in one message. */
    static final int MAX_CHANGES = 1_000;

    private final Vertx vertx;
    /** Nobody's: a timer of a verticle ends with it, and this one must not. */
    private final Context outside;

    private final Consumer<Set<Change>> out;
    private Set<Change> waiting = new LinkedHashSet<>();
    private boolean resting;

    ChangeFeed(Vertx vertx, Consumer<Set<Change>> out) {
        this.vertx = vertx;
        this.outside = vertx.getOrCreateContext();
        this.out = out;
    }

    void changed(Change change) {
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
        Set<Change> due;
        synchronized (this) {
            due = waiting;
            resting = !due.isEmpty();
            if (!resting) {
                return;
            }
            waiting = new LinkedHashSet<>();
        }
        vertx.setTimer(INTERVAL_MS, timer -> flush());
        List<Change> all = List.copyOf(due);
        for (int from = 0; from < all.size(); from += MAX_CHANGES) {
            out.accept(Set.copyOf(all.subList(from, Math.min(all.size(), from + MAX_CHANGES))));
        }
    }
}
