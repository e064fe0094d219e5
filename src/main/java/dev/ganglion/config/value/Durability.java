package dev.ganglion.config.value;

import org.jspecify.annotations.Nullable;

/**
 * Defines when Redis writes acknowledged data to disk. The brain compares its setting with the Redis server at start.
 */
public enum Durability {
    /** Redis writes to disk before it answers: a crash of Redis or of the machine loses no acknowledged events. */
    ALWAYS,
    /**
     * Redis writes to disk about once per second: a crash of Redis may lose about two seconds of acknowledged events.
     */
    EVERYSEC;

    /**
     * Whether a server with these settings keeps the promise.
     *
     * @param appendOnly value of the server's setting of that name; null if unknown
     * @param fsync value of the server's {@code appendfsync}; null if unknown
     */
    public boolean isKeptBy(@Nullable String appendOnly, @Nullable String fsync) {
        return "yes".equals(appendOnly) && ("always".equals(fsync) || (this == EVERYSEC && "everysec".equals(fsync)));
    }

    /** Returns the {@code appendfsync} that a server needs. */
    public String fsync() {
        return this == ALWAYS ? "always" : "everysec";
    }
}
