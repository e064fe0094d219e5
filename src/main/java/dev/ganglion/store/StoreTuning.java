package dev.ganglion.store;

import dev.ganglion.bus.SessionRef;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;

/**
 * What the operator chose for the store.
 *
 * @param lease how long a slot outlives its last frame: the idle timeout and 30 s
 * @param retentionAge how long events are kept
 * @param retentionBytes how many bytes of events a project keeps
 * @param minReplicas replicas that must have a write before it is acked, 0..16
 * @param batchMemory how long and how many batches are remembered
 * @param deadLetters how many rejected events a shard keeps
 */
record StoreTuning(
        Duration lease,
        Duration retentionAge,
        long retentionBytes,
        int minReplicas,
        BatchMemory batchMemory,
        int deadLetters) {

    /** With as many dead letters as are usual. */
    StoreTuning(Duration lease, Duration retentionAge, long retentionBytes, int minReplicas, BatchMemory batchMemory) {
        this(lease, retentionAge, retentionBytes, minReplicas, batchMemory, MAX_LETTERS);
    }

    /**
     * So that a batch is stored once however often it comes.
     *
     * @param age how long a batch is remembered
     * @param count how many batches of an agent are remembered at the most
     */
    record BatchMemory(Duration age, int count) {}

    /** For so long after its last request a long-poll session counts as online. */
    static final Duration POLL_LEASE = Duration.ofSeconds(90);
    /** For so long after its last request a long-poll session is known, and one that ended is known to have. */
    static final Duration POLL_MEMORY = Duration.ofHours(1);
    /** Long-poll sessions of one agent. */
    static final int POLL_SESSIONS = 16;
    /** Acks that wait for the next poll of one session. */
    static final int POLL_ACKS = 1_024;
    /** Rejected events that a shard keeps, unless the operator chooses another number. */
    static final int MAX_LETTERS = 1_000;
    /** An hour, and an agent's last 10 000 batches. */
    static final BatchMemory BATCH_MEMORY = new BatchMemory(Duration.ofHours(1), 10_000);
    /** How long a command is kept after its end. */
    static final Duration COMMAND_MEMORY = Duration.ofDays(7);
    /** Entries of one agent's registry. */
    static final int REGISTRY_LIMIT = 50_000;
    /** Workers, queues and agents with schedules of one shard, each. */
    static final int ENGINE_RECORDS = 5_000;
    /** Payloads up to this travel inside the script call; larger ones in a key of their own. */
    static final int INLINE_BYTES = 2_048;

    private static final int WAIT_TIMEOUT_MS = 1_000;

    /** How long a session outlives its last frame. */
    Duration lease(SessionRef session) {
        return session.longPoll() ? POLL_LEASE : lease;
    }

    /** Waits, for a bounded time, until so many replicas have what this connection wrote; answers how many have it. */
    static Request waitFor(int replicas) {
        return Request.cmd(Command.WAIT).arg(replicas).arg(WAIT_TIMEOUT_MS);
    }
}
