package dev.ganglion.projection.rollup;

import dev.ganglion.projection.task.TaskState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A kind of transition of a task. */
public enum TransitionKind {
    SENT(0),
    RECEIVED(1),
    STARTED(2),
    RETRIED(3),
    SUCCEEDED(4),
    FAILED(5),
    REVOKED(6),
    REJECTED(7);

    /** Position of the kind's count in stored values; never changes. */
    private final int code;

    private final String label = name().toLowerCase(Locale.ROOT);

    TransitionKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The name in REST. */
    public String label() {
        return label;
    }

    /** Whether the transition ends a run. */
    public boolean isFinal() {
        return code >= SUCCEEDED.code;
    }

    /** The transition to a state; null if the state is unknown. */
    static @Nullable TransitionKind of(TaskState state) {
        return switch (state) {
            case UNKNOWN -> null;
            case PENDING -> SENT;
            case RECEIVED -> RECEIVED;
            case STARTED -> STARTED;
            case RETRY -> RETRIED;
            case SUCCESS -> SUCCEEDED;
            case FAILURE -> FAILED;
            case REVOKED -> REVOKED;
            case REJECTED -> REJECTED;
        };
    }
}
