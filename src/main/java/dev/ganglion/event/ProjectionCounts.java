package dev.ganglion.event;

/** What a shard's projection counts. */
public final class ProjectionCounts {
    /** Before a kind: its events. */
    public static final String KIND = "k:";
    /** Before a state: tasks that are in it now. */
    public static final String STATE = "s:";
    /** Events that told nothing new. */
    public static final String DUPLICATES = "duplicates";
    /** Events whose time was out of bounds. */
    public static final String CLAMPED = "clamped";

    /** Bytes of events that were trimmed before they were projected. */
    public static final String SKIPPED_BYTES = "skipped_bytes";

    private ProjectionCounts() {}
}
