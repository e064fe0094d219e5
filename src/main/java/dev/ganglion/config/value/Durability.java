package dev.ganglion.config.value;

/**
 * Defines when Redis writes acknowledged data to disk. The brain compares its setting with the Redis server at start.
 */
public enum Durability {
    /** Redis writes to disk before it answers: a crash of Redis or of the machine loses no acknowledged events. */
    ALWAYS,
    /**
     * Redis writes to disk about once per second: a crash of Redis may lose about two seconds of acknowledged events.
     */
    EVERYSEC
}
