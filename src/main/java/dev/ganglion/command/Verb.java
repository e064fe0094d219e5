package dev.ganglion.command;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The verbs of commands that operators may issue. */
public enum Verb {
    RETRY_TASK("retry_task", false),
    CANCEL_TASK("cancel_task", false),
    RECONCILE_TASK("reconcile_task", false),
    BULK_RETRY("bulk_retry", true),
    PURGE_QUEUE("purge_queue", true),
    RESTART_WORKER("restart_worker", true),
    POOL_RESIZE("pool_resize", true),
    ADD_CONSUMER("add_consumer", false),
    CANCEL_CONSUMER("cancel_consumer", false),
    RATE_LIMIT("rate_limit", false);

    private final String wireName;
    private final boolean sameWorkerOnly;

    Verb(String wireName, boolean sameWorkerOnly) {
        this.wireName = wireName;
        this.sameWorkerOnly = sameWorkerOnly;
    }

    /** The documented name, as in {@code retry_task}. */
    public String wireName() {
        return wireName;
    }

    /** The last path segment of the verb's route, as in {@code retry-task}. */
    public String route() {
        return wireName.replace('_', '-');
    }

    /**
     * The names under which agents report this verb among their actions. An agent supports the verb if it reports any
     * of them.
     */
    public List<String> actions() {
        return this == POOL_RESIZE ? List.of(wireName, "pool_grow", "pool_shrink") : List.of(wireName);
    }

    /**
     * Whether a second run has a further effect. Once such a command is dispatched, only the same worker process
     * receives it again.
     */
    public boolean sameWorkerOnly() {
        return sameWorkerOnly;
    }

    /** Whether the command concerns a single task, so that the agent needs the task's engine. */
    boolean namesTask() {
        return this == RETRY_TASK || this == CANCEL_TASK || this == RECONCILE_TASK;
    }

    /** Whether {@code worker_name} of its body names the worker that acts. */
    public boolean namesWorker() {
        return switch (this) {
            case RESTART_WORKER, POOL_RESIZE, ADD_CONSUMER, CANCEL_CONSUMER, RATE_LIMIT -> true;
            case RETRY_TASK, CANCEL_TASK, RECONCILE_TASK, BULK_RETRY, PURGE_QUEUE -> false;
        };
    }

    /** The verb whose route ends in this path segment. */
    public static Optional<Verb> ofRoute(String route) {
        return Arrays.stream(values())
                .filter(verb -> verb.route().equals(route))
                .findFirst();
    }
}
