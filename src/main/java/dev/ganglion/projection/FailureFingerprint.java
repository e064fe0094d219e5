package dev.ganglion.projection;

import dev.ganglion.projection.run.TaskEvent;

/** Computes which failures are the same. */
@FunctionalInterface
public interface FailureFingerprint {
    /** Returns the fingerprint of the failure that an event reports; 0 if it reports none. */
    long of(TaskEvent event);
}
