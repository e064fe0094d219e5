package dev.ganglion.projection.failure;

import dev.ganglion.projection.FailureFingerprint;
import dev.ganglion.projection.run.FailureText;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.task.TaskState;
import org.jspecify.annotations.Nullable;

/** Computes the {@link Fingerprint} of the failures that events report. Events of other kinds report none. */
public final class EventFingerprint implements FailureFingerprint {
    @Override
    public long of(TaskEvent event, @Nullable String taskName) {
        if (event.state() != TaskState.FAILURE) {
            return 0;
        }
        FailureText failure = event.failure();
        String name = event.name();
        return Fingerprint.of(name == null ? taskName : name, failure.exception(), failure.traceback())
                .value();
    }
}
