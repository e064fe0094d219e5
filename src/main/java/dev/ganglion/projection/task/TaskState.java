package dev.ganglion.projection.task;

import java.util.Locale;

/**
 * The state of a task, from the least known to the final states.
 *
 * <p>A state of a lower tier never replaces one of a higher tier, whatever the times are. {@code retry} has the same
 * tier as {@code received} and {@code started}, so that a task passes through them at every retry. {@code pending} has
 * a lower tier, so a repeated send changes nothing.
 */
public enum TaskState {
    UNKNOWN(0, 0),
    PENDING(1, 1),
    RECEIVED(2, 2),
    STARTED(2, 3),
    RETRY(2, 4),
    REJECTED(3, 5),
    REVOKED(3, 6),
    FAILURE(3, 7),
    SUCCESS(3, 8);

    private static final int FINAL = 3;
    private static final TaskState[] BY_RANK = values(); // the ranks are the ordinals

    private final int tier;
    private final int rank;

    TaskState(int tier, int rank) {
        this.tier = tier;
        this.rank = rank;
    }

    /** The progress of a task, 0 to 8. Among events of the same time, the higher rank wins. */
    public int rank() {
        return rank;
    }

    int tier() {
        return tier;
    }

    /** Whether the state is final. */
    public boolean isFinal() {
        return tier == FINAL;
    }

    /** The state's name in REST. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of this {@link #rank}. */
    public static TaskState ofRank(int rank) {
        return BY_RANK[rank];
    }

    /** The state that an event of this kind reports. */
    public static TaskState of(String kind) {
        return switch (kind) {
            case "task.sent" -> PENDING;
            case "task.received" -> RECEIVED;
            case "task.started" -> STARTED;
            case "task.retried" -> RETRY;
            case "task.rejected" -> REJECTED;
            case "task.revoked" -> REVOKED;
            case "task.failed" -> FAILURE;
            case "task.succeeded" -> SUCCESS;
            default -> UNKNOWN;
        };
    }
}
