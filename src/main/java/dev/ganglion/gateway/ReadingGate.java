package dev.ganglion.gateway;

import java.util.EnumSet;

/** Why a socket is not read now; it is read when there is no reason left. */
final class ReadingGate {
    /** One reason. */
    enum Reason {
        /** The connection's verticle, or its slot, is not ready. */
        OPENING,
        /** As many frames wait for the store as may. */
        FRAMES_IN_FLIGHT,
        /** The store is away. */
        STORE_AWAY,
        /** The agent does not read what it is sent. */
        OUTPUT_FULL,
        /** The agent sends the same batches over and over. */
        REPEATS
    }

    private final Runnable pause;
    private final Runnable resume;
    private final EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);

    ReadingGate(Runnable pause, Runnable resume) {
        this.pause = pause;
        this.resume = resume;
    }

    void set(Reason reason, boolean holds) {
        if (holds) {
            if (reasons.isEmpty()) {
                pause.run();
            }
            reasons.add(reason);
        } else if (reasons.remove(reason) && reasons.isEmpty()) {
            resume.run();
        }
    }

    boolean holds(Reason reason) {
        return reasons.contains(reason);
    }

    boolean open() {
        return reasons.isEmpty();
    }

    /** Reads again for good: the peer's close must be seen. */
    void openForGood() {
        if (!reasons.isEmpty()) {
            reasons.clear();
            resume.run();
        }
    }
}
