package dev.ganglion.projection;

import dev.ganglion.projection.run.TaskEvent;
import org.jspecify.annotations.Nullable;

/** Computes which failures are the same. */
@FunctionalInterface
public interface FailureFingerprint {
    /**
     * Returns the fingerprint of the failure that an event reports; 0 if it reports none.
     *
     * @param taskName name of the task; null if unknown. The event itself may name it
     */
    long of(TaskEvent event, @Nullable String taskName);
}
