package dev.ganglion.projection;

/** Names of the counters of a shard's projection. */
public final class ProjectionCounts {
    /** Prefix of the counters of events by kind. */
    public static final String KIND = "k:";
    /** Prefix of the counters of tasks that are in a state now. */
    public static final String STATE = "s:";
    /** Events that repeated a known event id, or a transition that another process reported. */
    public static final String DUPLICATES = "duplicates";
    /** Events whose time was outside the limits. */
    public static final String CLAMPED = "clamped";

    /** Bytes of events that the retention deleted before they were projected. */
    public static final String SKIPPED_BYTES = "skipped_bytes";

    private ProjectionCounts() {}
}
