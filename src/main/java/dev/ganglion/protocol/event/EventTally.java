package dev.ganglion.protocol.event;

/**
 * Counts the accepted events of a batch that have the same engine and kind.
 *
 * @param engine name of the engine adapter
 * @param kind a listed kind, or {@link EventKinds#UNKNOWN}
 * @param count number of events, at least 1
 */
public record EventTally(String engine, String kind, int count) {
    /** The engine under which the events of further pairs are counted together. */
    public static final String OVERFLOW = "__overflow__";
}
