package dev.ganglion.agent.outbox;

import java.time.Duration;

/**
 * Settings for the batches of an agent and for its event buffer.
 *
 * <p>The agent keeps events in memory until the brain has acknowledged them. {@code bufferLimit} bounds this memory
 * while the brain is unreachable. When the buffer is full, {@code emit} returns false and counts the event as dropped.
 *
 * @param batchSize maximum number of events per batch, 1 to {@value #MAX_BATCH_SIZE}
 * @param flushInterval longest time that an event waits until a partial batch is sent, at least 1 ms
 * @param maxInFlight maximum number of unacknowledged batches, 1 to {@value #MAX_IN_FLIGHT}
 * @param bufferLimit maximum number of events in memory, waiting and in flight; at least {@code batchSize}
 */
public record Batching(int batchSize, Duration flushInterval, int maxInFlight, int bufferLimit) {
    /**
     * Upper limit of the batch size. The limit is far below the 5000 events that a brain accepts, so a batch stays well
     * below the frame limit.
     */
    public static final int MAX_BATCH_SIZE = 500;
    /** Upper limit of batches in flight, as in released agents. */
    public static final int MAX_IN_FLIGHT = 256;
    /** 100 events per batch, a flush interval of 50 ms, 64 batches in flight, and a buffer of 100 000 events. */
    public static final Batching DEFAULT = new Batching(100, Duration.ofMillis(50), 64, 100_000);

    public Batching {
        check(batchSize >= 1 && batchSize <= MAX_BATCH_SIZE, "batchSize must be 1 to " + MAX_BATCH_SIZE);
        check(!flushInterval.isNegative() && flushInterval.toMillis() >= 1, "flushInterval must be at least 1 ms");
        check(maxInFlight >= 1 && maxInFlight <= MAX_IN_FLIGHT, "maxInFlight must be 1 to " + MAX_IN_FLIGHT);
        check(bufferLimit >= batchSize, "bufferLimit must be at least batchSize");
    }

    public Batching withBatchSize(int events) {
        return new Batching(events, flushInterval, maxInFlight, Math.max(bufferLimit, events));
    }

    public Batching withFlushInterval(Duration interval) {
        return new Batching(batchSize, interval, maxInFlight, bufferLimit);
    }

    public Batching withMaxInFlight(int batches) {
        return new Batching(batchSize, flushInterval, batches, bufferLimit);
    }

    public Batching withBufferLimit(int events) {
        return new Batching(batchSize, flushInterval, maxInFlight, events);
    }

    private static void check(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
