package dev.ganglion.event;

import java.util.Locale;

/**
 * Where a task is, from the least that is known of it to its end.
 *
 * <p>The tier comes before the time: what is of a lower tier never undoes what is of a higher one. {@code retry} is of
 * the same tier as {@code received} and {@code started}, so that a task goes round them as often as it is retried, while
 * its being sent once more changes nothing.
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

    private final int tier;
    private final int rank;

    TaskState(int tier, int rank) {
        this.tier = tier;
        this.rank = rank;
    }

    /** How far on its way a task is, 0..8: what stands of events of the same time. */
    int rank() {
        return rank;
    }

    int tier() {
        return tier;
    }

    /** Whether it is the task's end. */
    public boolean isFinal() {
        return tier == FINAL;
    }

    /** As REST shows it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a kind of event says of its task. */
    static TaskState of(String kind) {
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
