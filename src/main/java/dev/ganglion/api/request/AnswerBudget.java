package dev.ganglion.api.request;

import dev.ganglion.budget.ByteBudget;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The memory of a node for answers of the REST API. A request reserves the memory for its answer before it reads any
 * data, and gives the memory back when the client has received the answer or has disconnected. Thread-safe.
 *
 * <p>A request waits up to 5 s for its memory, since most answers are made within milliseconds. After that it fails with
 * {@code node_busy}.
 */
public final class AnswerBudget {
    /** Bytes of an answer of bounded, small size. */
    public static final long SMALL = 64 << 10;

    private static final long WAIT_MS = 5_000;
    private static final int MAX_WAITING = 1_000;
    private static final int MAX_WAITING_OF_CLIENT = 256;
    /** Largest page of a list, except for a page of one item. */
    private static final long PAGE_BYTES = 2L << 20;
    /** Copies of a page or an item that exist while the answer is made. */
    private static final int COPIES = 4;

    private final Vertx vertx;
    private final ByteBudget budget;
    private final long maxItem;
    /** Requests that wait for memory, in the order of their arrival. */
    private final Set<Waiting> waiting = new LinkedHashSet<>();

    private final Map<String, Integer> waitingOf = new HashMap<>();

    /**
     * Creates the memory.
     *
     * @param maxItem largest size of a stored item, such as an event or the result of a command
     */
    public AnswerBudget(Vertx vertx, ByteBudget budget, long maxItem) {
        this.vertx = vertx;
        this.budget = budget;
        this.maxItem = maxItem;
    }

    /** Bytes that making a page of a list takes. */
    long ofPage() {
        return COPIES * Math.max(PAGE_BYTES, maxItem);
    }

    /** Bytes that an answer with one stored item takes. */
    long ofItem() {
        return COPIES * maxItem;
    }

    /** Opens the memory for one answer to a client. It is empty at first. */
    Share open(String client) {
        return new Share(client);
    }

    private record Waiting(Share share, long more, Context context, Promise<Void> promise) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private synchronized boolean enqueue(Waiting request) {
        String client = request.share().client;
        int others = waitingOf.getOrDefault(client, 0);
        if (waiting.size() >= MAX_WAITING || others >= MAX_WAITING_OF_CLIENT) {
            return false;
        }
        waitingOf.put(client, others + 1);
        return waiting.add(request);
    }

    private synchronized boolean dequeue(Waiting request) {
        if (!waiting.remove(request)) {
            return false;
        }
        waitingOf.computeIfPresent(request.share().client, (client, count) -> count == 1 ? null : count - 1);
        return true;
    }

    /** Admits waiting requests whose memory is available now. */
    private void admitWaiting() {
        List<Waiting> admitted = new ArrayList<>();
        synchronized (this) {
            for (Waiting request : List.copyOf(waiting)) {
                if (request.share().memory.take(request.more()) && dequeue(request)) {
                    admitted.add(request);
                }
            }
        }
        admitted.forEach(
                request -> request.context().runOnContext(v -> request.promise().complete()));
    }

    /** The memory of one answer. */
    public final class Share {
        private final String client;
        private final ByteBudget.Reservation memory;

        private Share(String client) {
            this.client = client;
            this.memory = budget.open(client);
        }

        /**
         * Reserves memory, up to {@code bytes} in total but at most half of what one client can have. Waits for it if it is in
         * use. Fails with {@code node_busy} if it does not become available in time.
         */
        Future<Void> reserve(long bytes) {
            long more = Math.min(bytes, budget.largestShare() / 2) - memory.bytes();
            if (more <= 0 || memory.take(more)) {
                return Future.succeededFuture();
            }
            Waiting request = new Waiting(this, more, vertx.getOrCreateContext(), Promise.promise());
            if (!enqueue(request)) {
                return Future.failedFuture(busy());
            }
            long timer = vertx.setTimer(WAIT_MS, late -> {
                if (dequeue(request)) {
                    request.promise().fail(busy());
                }
            });
            admitWaiting(); // memory may have been given back before this request waited for it
            return request.promise().future().onComplete(done -> vertx.cancelTimer(timer));
        }

        private GanglionException busy() {
            budget.refused();
            return new GanglionException(
                    ErrorCode.NODE_BUSY,
                    "the memory of this node for answers (http.answer-budget) is in use; retry later");
        }

        /** Gives back all memory beyond {@code rest} bytes. */
        void shrinkTo(long rest) {
            memory.shrinkTo(rest);
            admitWaiting();
        }

        /** Gives back all memory. */
        void release() {
            shrinkTo(0);
        }
    }
}
