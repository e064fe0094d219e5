package dev.ganglion.socket;

import java.util.EnumSet;

/** Pauses a socket while at least one reason against reading holds, and resumes it when none is left. */
final class ReadingGate {
    private final Runnable pause;
    private final Runnable resume;
    private final EnumSet<PauseReason> reasons = EnumSet.noneOf(PauseReason.class);

    ReadingGate(Runnable pause, Runnable resume) {
        this.pause = pause;
        this.resume = resume;
    }

    void set(PauseReason reason, boolean holds) {
        if (holds) {
            if (reasons.isEmpty()) {
                pause.run();
            }
            reasons.add(reason);
        } else if (reasons.remove(reason) && reasons.isEmpty()) {
            resume.run();
        }
    }

    boolean holds(PauseReason reason) {
        return reasons.contains(reason);
    }

    boolean open() {
        return reasons.isEmpty();
    }

    /** Removes all reasons, so that the close frame of the peer is received. */
    void openForGood() {
        if (!reasons.isEmpty()) {
            reasons.clear();
            resume.run();
        }
    }
}
