package dev.ganglion.projection.run;

import dev.ganglion.projection.task.TaskState;

/** Receives what a task remembers. Times are in microseconds since 1970. */
public interface TaskVisitor {
    /** A transition; {@code micros} is the time of its first report. */
    void transition(TaskState state, long micros);

    /**
     * A run that ended.
     *
     * @param runtimeMs how long it ran, in milliseconds; -1 if unknown
     * @param fingerprint identifies the failure; 0 if the run did not fail
     */
    void ended(long micros, long runtimeMs, long fingerprint);

    /** A run that ended, of whose outcome the task keeps nothing any more. */
    void forgotten(long micros);
}
