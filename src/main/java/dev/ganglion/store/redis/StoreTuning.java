package dev.ganglion.store.redis;

import dev.ganglion.bus.SessionRef;
import dev.ganglion.telemetry.StoreFault;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;

/**
 * The limits of the store: those that the operator chose, and the fixed ones.
 *
 * @param lease time that a slot outlives its last frame: the idle time-out plus 30 s
 * @param retentionAge time that events are kept
 * @param retentionBytes bytes of events, as stored, that a project keeps
 * @param minReplicas replicas that must confirm a write before it is acknowledged, 0 to 16
 * @param batchMemory how long and how many batches are remembered
 * @param rejectedEvents rejected events that a shard keeps
 */
public record StoreTuning(
        Duration lease,
        Duration retentionAge,
        long retentionBytes,
        int minReplicas,
        BatchMemory batchMemory,
        int rejectedEvents) {

    /** Creates the limits with the default number of rejected events. */
    public StoreTuning(
            Duration lease, Duration retentionAge, long retentionBytes, int minReplicas, BatchMemory batchMemory) {
        this(lease, retentionAge, retentionBytes, minReplicas, batchMemory, MAX_REJECTED_EVENTS);
    }

    /**
     * How long and how many batches are remembered. While a batch is remembered, copies of it are not stored again.
     *
     * @param age time that a batch is remembered
     * @param count most batches that are remembered of one agent
     */
    public record BatchMemory(Duration age, int count) {}

    /** Time that a long-poll session counts as online after its last request. */
    public static final Duration POLL_LEASE = Duration.ofSeconds(90);
    /** Time that the brain remembers a long-poll session after its last request, and an ended session after its end. */
    public static final Duration POLL_MEMORY = Duration.ofHours(1);
    /** Most long-poll sessions of one agent. */
    public static final int POLL_SESSIONS = 16;
    /** Most acks that wait for the next poll of one session. */
    public static final int POLL_ACKS = 1_024;
    /** Default number of rejected events that a shard keeps. */
    static final int MAX_REJECTED_EVENTS = 1_000;
    /** The default: the batches of the last hour, and at most the last 10,000 batches of an agent. */
    public static final BatchMemory BATCH_MEMORY = new BatchMemory(Duration.ofHours(1), 10_000);
    /** Time that a command is kept after its end. */
    public static final Duration COMMAND_MEMORY = Duration.ofDays(7);
    /** Most entries of one agent's registry. */
    public static final int REGISTRY_LIMIT = 50_000;
    /** Most bytes of one agent's registry: of all names and entries. */
    public static final long REGISTRY_BYTES = 8L << 20;
    /** Most records of a shard in each table: workers, queues, and agents with schedules. */
    public static final int ENGINE_RECORDS = 5_000;
    /** Largest payload that the script call contains, in bytes. A larger payload has its own key. */
    public static final int INLINE_BYTES = 2_048;

    private static final int WAIT_TIMEOUT_MS = 1_000;

    /** Returns the time that a session outlives its last frame. */
    public Duration lease(SessionRef session) {
        return session.longPoll() ? POLL_LEASE : lease;
    }

    /**
     * Builds a call that waits up to 1 s until the replicas have all earlier writes of the connection. Its reply is the
     * number of replicas that have them.
     */
    public static Request waitFor(int replicas) {
        return Request.cmd(Command.WAIT).arg(replicas).arg(WAIT_TIMEOUT_MS);
    }

    /** Returns the fault of a master that has fewer replicas than {@code redis.min-replicas} demands. */
    public static StoreFault tooFewReplicas(int found, int wanted) {
        return StoreFault.of(
                StoreFault.Reason.TOO_FEW_REPLICAS, found + " of " + wanted + " replicas (redis.min-replicas)");
    }
}
