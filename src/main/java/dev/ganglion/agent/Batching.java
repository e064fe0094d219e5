package dev.ganglion.agent;

import java.time.Duration;

/**
 * How an agent gathers events into batches, and how many it holds. Events are held in memory until the brain has acked
 * them, so {@code bufferLimit} bounds what an agent keeps while its brain is away: beyond it {@code emit} answers false
 * and the event counts as dropped.
 *
 * @param batchSize events per batch at most, 1 to {@value #MAX_BATCH_SIZE}
 * @param flushInterval how long an event waits for others before a batch that is not full is sent
 * @param maxInFlight batches sent and not acked at most, 1 to {@value #MAX_IN_FLIGHT}
 * @param bufferLimit events held at most, waiting and in flight
 */
public record Batching(int batchSize, Duration flushInterval, int maxInFlight, int bufferLimit) {
    /** Well below the 5000 that a brain takes: a batch of this size stays far from the frame limit. */
    public static final int MAX_BATCH_SIZE = 500;
    /** What released agents keep to. */
    public static final int MAX_IN_FLIGHT = 256;
    /** 100 events, 50 ms, 64 batches, 100 000 events. */
    public static final Batching DEFAULT = new Batching(100, Duration.ofMillis(50), 64, 100_000);

    public Batching {
        check(batchSize >= 1 && batchSize <= MAX_BATCH_SIZE, "batch size is 1 to " + MAX_BATCH_SIZE);
        check(!flushInterval.isNegative() && flushInterval.toMillis() >= 1, "flush interval is 1 ms or more");
        check(maxInFlight >= 1 && maxInFlight <= MAX_IN_FLIGHT, "batches in flight are 1 to " + MAX_IN_FLIGHT);
        check(bufferLimit >= batchSize, "the buffer holds at least one batch");
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
