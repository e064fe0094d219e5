package dev.ganglion.socket;

import java.util.EnumSet;

/** Pauses a socket while at least one reason against reading holds, and resumes it when none is left. */
public final class ReadingGate {
    /** A reason not to read. */
    public enum Reason {
        /** The verticle of the connection or its slot is not ready. */
        OPENING,
        /** The number of frames on their way to the store has reached its limit. */
        FRAMES_IN_FLIGHT,
        /** The store is unavailable. */
        STORE_UNAVAILABLE,
        /** The agent does not read its output. */
        OUTPUT_FULL,
        /** The agent repeats batches in a tight loop. */
        REPEATS
    }

    private final Runnable pause;
    private final Runnable resume;
    private final EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);

    public ReadingGate(Runnable pause, Runnable resume) {
        this.pause = pause;
        this.resume = resume;
    }

    public void set(Reason reason, boolean holds) {
        if (holds) {
            if (reasons.isEmpty()) {
                pause.run();
            }
            reasons.add(reason);
        } else if (reasons.remove(reason) && reasons.isEmpty()) {
            resume.run();
        }
    }

    public boolean holds(Reason reason) {
        return reasons.contains(reason);
    }

    public boolean open() {
        return reasons.isEmpty();
    }

    /** Resumes reading for good, so that the close frame of the peer is received. */
    public void openForGood() {
        if (!reasons.isEmpty()) {
            reasons.clear();
            resume.run();
        }
    }
}
