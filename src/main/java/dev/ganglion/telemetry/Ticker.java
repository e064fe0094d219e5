package dev.ganglion.telemetry;

/** A monotonic clock, in nanoseconds. */
@FunctionalInterface
public interface Ticker {
    long nanos();

    static Ticker system() {
        return System::nanoTime;
    }
}
