package dev.ganglion.agent.outbox;

import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Holds the events that the brain has not acknowledged: events that wait for a batch, batches in flight, and batches to
 * resend.
 *
 * <p>{@link #offer} and {@link #held} may be called from any thread; all other methods run on the agent's context.
 */
public final class Outbox {
    /** Room in a frame for everything except the events: the envelope, its ids, and its signature. */
    private static final int ENVELOPE_BYTES = 1024;

    private static final int BRACKETS = 2;
    private static final int COMMA = 1;

    private final Batching batching;
    private final AgentCounters counters;
    private final AtomicInteger held = new AtomicInteger();
    private final Queue<Json> waiting = new ConcurrentLinkedQueue<>();
    /** Batches to resend after a lost session; they precede {@code waiting}. */
    private final ArrayDeque<Batch> resend = new ArrayDeque<>();

    private final Map<String, Batch> inFlight = new LinkedHashMap<>();
    /** Number of events in batches; all other events are in {@code waiting}. */
    private int batched;

    public Outbox(Batching batching, AgentCounters counters) {
        this.batching = batching;
        this.counters = counters;
    }

    /** Takes an event; returns false if the buffer is full. */
    public boolean offer(Json event) {
        if (held.incrementAndGet() > batching.bufferLimit()) {
            held.decrementAndGet();
            counters.dropped.increment();
            return false;
        }
        counters.emitted.increment();
        waiting.add(event);
        return true;
    }

    /** The number of events that the brain has not acknowledged. */
    public int held() {
        return held.get();
    }

    /** Whether there are events that are not in a batch yet. */
    public boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Whether another batch may be in flight. */
    public boolean hasRoom() {
        return inFlight.size() < batching.maxInFlight();
    }

    /**
     * Returns the next batch and counts it as in flight: a batch to resend, otherwise a new one.
     *
     * <p>Returns null if too many batches are in flight, if no event waits, or if the waiting events do not fill a
     * batch and {@code partial} is false.
     */
    public @Nullable Batch next(boolean partial, int maxFrameBytes) {
        if (!hasRoom()) {
            return null;
        }
        int limit = maxFrameBytes - ENVELOPE_BYTES;
        Batch batch = null;
        while (batch == null && !resend.isEmpty()) {
            batch = fit(resend.remove(), limit);
        }
        if (batch == null && (partial || held.get() - batched >= batching.batchSize())) {
            batch = gather(limit);
        }
        if (batch != null) {
            inFlight.put(batch.id(), batch);
        }
        return batch;
    }

    /** Removes the batch that the brain has acknowledged; ignores an unknown id. */
    public void acked(EventBatchAck ack) {
        Batch batch = inFlight.remove(ack.ackedId());
        if (batch != null) {
            batched -= batch.size();
            held.addAndGet(-batch.size());
            counters.acked.add(ack.accepted());
            counters.rejected.add(ack.rejected());
        }
    }

    /**
     * Moves all batches in flight to the batches to resend, in their old order and before everything new. Called when
     * the session was lost.
     */
    public void sessionLost() {
        List<Batch> lost = new ArrayList<>(inFlight.values());
        inFlight.clear();
        for (int i = lost.size() - 1; i >= 0; i--) {
            resend.addFirst(lost.get(i));
        }
    }

    /**
     * Returns the batch itself if it fits into a frame. If the frame limit of the new session is too small, the batch
     * is split into batches with new ids.
     *
     * <p>If the brain had already stored the original batch and only the ack was lost, the brain stores these events
     * twice. That is better than losing them.
     */
    private @Nullable Batch fit(Batch batch, int limit) {
        if (batch.bytes() <= limit) {
            counters.resentBatches.increment();
            return batch;
        }
        ArrayDeque<Json> events = new ArrayDeque<>(batch.events());
        batched -= batch.size();
        Batch first = cut(events, limit);
        if (!events.isEmpty()) {
            batched += events.size();
            resend.addFirst(new Batch(newId(), List.copyOf(events), Integer.MAX_VALUE));
        }
        return first;
    }

    private @Nullable Batch gather(int limit) {
        Batch batch = cut(waiting, limit);
        if (batch != null) {
            counters.sent.add(batch.size());
        }
        return batch;
    }

    /** Takes events from the head of the queue while they fit. Drops an event that exceeds the frame limit alone. */
    private @Nullable Batch cut(Queue<Json> from, int limit) {
        List<Json> events = new ArrayList<>();
        int bytes = BRACKETS;
        for (Json event = from.peek(); event != null && events.size() < batching.batchSize(); event = from.peek()) {
            int more = event.size() + COMMA;
            if (bytes + more > limit && !events.isEmpty()) {
                break;
            }
            from.remove();
            if (bytes + more > limit) {
                held.decrementAndGet();
                counters.dropped.increment();
            } else {
                events.add(event);
                bytes += more;
            }
        }
        batched += events.size();
        return events.isEmpty() ? null : new Batch(newId(), events, bytes);
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
