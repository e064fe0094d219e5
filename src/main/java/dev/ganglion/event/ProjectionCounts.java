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

    private ProjectionCounts() {}
}
