package dev.ganglion.projection.run;

import dev.ganglion.projection.task.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a task, including its retries. All times are in microseconds since 1970.
 *
 * @param state final state, or the latest state of a run that has not ended
 * @param beganMicros time of its first transition
 * @param receivedMicros first time that a worker received the task; null if unknown
 * @param startedMicros last time that the task started; null if unknown
 * @param finishedMicros time when the run ended; null while it has not
 * @param retries number of retries that were reported
 */
public record TaskRun(
        TaskState state,
        long beganMicros,
        @Nullable Long receivedMicros,
        @Nullable Long startedMicros,
        @Nullable Long finishedMicros,
        int retries) {}
