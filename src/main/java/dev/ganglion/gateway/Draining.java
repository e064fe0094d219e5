package dev.ganglion.gateway;

import java.util.concurrent.atomic.AtomicBoolean;

/** Whether this node is leaving: then nobody new is let in. Thread-safe. */
public final class Draining {
    private final AtomicBoolean draining = new AtomicBoolean();

    /** Begins; there is no way back. */
    public void begin() {
        draining.set(true);
    }

    /** Whether it has begun. */
    public boolean now() {
        return draining.get();
    }
}
