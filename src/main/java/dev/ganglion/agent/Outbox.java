package dev.ganglion.agent;

import dev.ganglion.protocol.EventBatchAck;
import dev.ganglion.protocol.Json;
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
 * The events that the brain has not acked: waiting for a batch, or in a batch that was sent or is to be sent again.
 * {@link #offer} and {@link #held} may be called from any thread, everything else from the agent's context alone.
 */
final class Outbox {
    /** Room in a frame for everything but the events: the envelope, its ids and its signature. */
    private static final int ENVELOPE_BYTES = 1024;

    private static final int BRACKETS = 2;
    private static final int COMMA = 1;

    private final Batching batching;
    private final Tally tally;
    private final AtomicInteger held = new AtomicInteger();
    private final Queue<Json> waiting = new ConcurrentLinkedQueue<>();
    /** Batches that a lost session gave back; they go before {@code waiting}. */
    private final ArrayDeque<Batch> again = new ArrayDeque<>();

    private final Map<String, Batch> inFlight = new LinkedHashMap<>();
    /** Events in batches; what else is held is waiting. */
    private int batched;

    Outbox(Batching batching, Tally tally) {
        this.batching = batching;
        this.tally = tally;
    }

    /** Takes an event unless the buffer is full. */
    boolean offer(Json event) {
        if (held.incrementAndGet() > batching.bufferLimit()) {
            held.decrementAndGet();
            tally.dropped.increment();
            return false;
        }
        tally.emitted.increment();
        waiting.add(event);
        return true;
    }

    /** Events not acked yet. */
    int held() {
        return held.get();
    }

    /** Whether events wait that are in no batch yet. */
    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Whether one more batch may be in flight. */
    boolean hasRoom() {
        return inFlight.size() < batching.maxInFlight();
    }

    /**
     * The next batch to send and from now on in flight: one to be sent again, else a new one. Null when too many are in
     * flight, when nothing waits, or when what waits fills no batch and {@code partial} is not wanted.
     */
    @Nullable
    Batch next(boolean partial, int maxFrameBytes) {
        if (!hasRoom()) {
            return null;
        }
        int limit = maxFrameBytes - ENVELOPE_BYTES;
        Batch batch = null;
        while (batch == null && !again.isEmpty()) {
            batch = fit(again.remove(), limit);
        }
        if (batch == null && (partial || held.get() - batched >= batching.batchSize())) {
            batch = gather(limit);
        }
        if (batch != null) {
            inFlight.put(batch.id(), batch);
        }
        return batch;
    }

    /** Takes a batch off that the brain has acked; an ack of anything else changes nothing. */
    void acked(EventBatchAck ack) {
        Batch batch = inFlight.remove(ack.ackedId());
        if (batch != null) {
            batched -= batch.size();
            held.addAndGet(-batch.size());
            tally.acked.add(ack.accepted());
            tally.rejected.add(ack.rejected());
        }
    }

    /** The session is gone: what was in flight is to be sent again, in its old order and before anything new. */
    void sessionLost() {
        List<Batch> lost = new ArrayList<>(inFlight.values());
        inFlight.clear();
        for (int i = lost.size() - 1; i >= 0; i--) {
            again.addFirst(lost.get(i));
        }
    }

    /**
     * The batch itself if it fits. If the brain came back with a smaller frame limit it is cut anew under new ids: should
     * the brain have stored it and only its ack be lost, its events are stored twice, which is better than not at all.
     */
    private @Nullable Batch fit(Batch batch, int limit) {
        if (batch.bytes() <= limit) {
            tally.resentBatches.increment();
            return batch;
        }
        ArrayDeque<Json> events = new ArrayDeque<>(batch.events());
        batched -= batch.size();
        Batch first = cut(events, limit);
        if (!events.isEmpty()) {
            batched += events.size();
            again.addFirst(new Batch(newId(), List.copyOf(events), Integer.MAX_VALUE));
        }
        return first;
    }

    private @Nullable Batch gather(int limit) {
        Batch batch = cut(waiting, limit);
        if (batch != null) {
            tally.sent.add(batch.size());
        }
        return batch;
    }

    /** Takes events from the head while they fit; one that fits no frame at all is dropped. */
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
                tally.dropped.increment();
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
