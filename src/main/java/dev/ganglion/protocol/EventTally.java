package dev.ganglion.protocol;

/**
 * How many accepted events of a batch came from one engine and are of one kind.
 *
 * @param engine the engine adapter
 * @param kind a listed kind, or {@link EventKinds#UNKNOWN}
 * @param count how many, at least 1
 */
public record EventTally(String engine, String kind, int count) {}
