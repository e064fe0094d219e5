package dev.ganglion.gateway;

import java.util.concurrent.atomic.AtomicBoolean;

/** Records whether this node is shutting down. A draining node admits no new agents. Thread-safe. */
public final class Draining {
    private final AtomicBoolean draining = new AtomicBoolean();

    /** Starts draining. Draining cannot be undone. */
    public void begin() {
        draining.set(true);
    }

    /** Whether draining has started. */
    public boolean active() {
        return draining.get();
    }
}
