package dev.ganglion.config;

/** When Redis puts on disk what it answered for; the server is checked against it at start. */
public enum Durability {
    /** Before it answers: a crash of Redis or of the machine loses nothing acknowledged. */
    ALWAYS,
    /** About every second: a crash of Redis may lose some two seconds of acknowledged events. */
    EVERYSEC
}
