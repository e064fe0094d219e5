package dev.ganglion.socket;

/** A reason not to read from a socket. */
public enum PauseReason {
    /** The connection is not ready for messages yet. */
    OPENING,
    /** The number of frames on their way to the store has reached its limit. */
    FRAMES_IN_FLIGHT,
    /** The store is unavailable. */
    STORE_UNAVAILABLE,
    /** The peer does not read its output. */
    OUTPUT_FULL,
    /** The agent repeats batches in a tight loop. */
    REPEATS
}
