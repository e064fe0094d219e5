package dev.ganglion.projection.rollup;

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

    private static final String PREFIX = "task.";
    private static final TransitionKind[] ALL = values();

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

    /** The transition that an event of this kind reports; null if it reports none. */
    public static @Nullable TransitionKind of(String eventKind) {
        for (TransitionKind kind : ALL) {
            if (eventKind.length() == PREFIX.length() + kind.label.length()
                    && eventKind.startsWith(PREFIX)
                    && eventKind.endsWith(kind.label)) {
                return kind;
            }
        }
        return null;
    }
}
