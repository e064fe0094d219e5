package dev.ganglion.telemetry;

/**
 * A monotonic clock, in nanoseconds. Only differences between two readings have a meaning. Time-outs and intervals use
 * it instead of the wall clock, which may be set back.
 */
@FunctionalInterface
public interface Ticker {
    /** The current reading, in nanoseconds from an arbitrary origin. It may be negative. */
    long nanos();

    /** The clock of this Java process. */
    static Ticker system() {
        return System::nanoTime;
    }
}
