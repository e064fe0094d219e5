package dev.ganglion.command;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What operators may ask of an agent. */
public enum Verb {
    RETRY_TASK("retry_task", false),
    CANCEL_TASK("cancel_task", false),
    BULK_RETRY("bulk_retry", true),
    PURGE_QUEUE("purge_queue", true),
    RESTART_WORKER("restart_worker", true),
    POOL_RESIZE("pool_resize", true),
    ADD_CONSUMER("add_consumer", false),
    CANCEL_CONSUMER("cancel_consumer", false),
    RATE_LIMIT("rate_limit", false);

    private final String wireName;
    private final boolean sticky;

    Verb(String wireName, boolean sticky) {
        this.wireName = wireName;
        this.sticky = sticky;
    }

    /** The documented name, as in {@code retry_task}. */
    public String wireName() {
        return wireName;
    }

    /** The last part of its address, as in {@code retry-task}. */
    public String route() {
        return wireName.replace('_', '-');
    }

    /** What agents call it when they say what they can do: any of these. */
    public List<String> actions() {
        return this == POOL_RESIZE ? List.of(wireName, "pool_grow", "pool_shrink") : List.of(wireName);
    }

    /** Whether running it twice does more than running it once: once dispatched, only the same worker gets it again. */
    public boolean sticky() {
        return sticky;
    }

    /** The verb of an address's last part. */
    public static Optional<Verb> ofRoute(String route) {
        return Arrays.stream(values())
                .filter(verb -> verb.route().equals(route))
                .findFirst();
    }
}
