package dev.ganglion.budget;

import dev.ganglion.telemetry.BudgetMetrics;
import java.util.HashMap;
import java.util.Map;

/**
 * Limits the bytes that a node holds on behalf of its clients for one purpose, such as uploads. Thread-safe.
 *
 * <p>A client may hold at most as many bytes as are still free afterwards. So one client alone holds at most half of the
 * budget, two clients a third each, and some room always remains for a further client.
 */
public final class ByteBudget {
    private static final int SHARE_OF_HEAP = 8;
    private static final long MAX_BYTES_OF_HEAP = 256L << 20;

    private final long limit;
    private final Runnable onRefusal;
    private final Map<String, Long> heldBy = new HashMap<>();
    private long used;

    /**
     * Creates a budget of {@code limit} bytes.
     *
     * @param onRefusal counts each call of {@link #refused}
     */
    public ByteBudget(long limit, Runnable onRefusal) {
        this.limit = limit;
        this.onRefusal = onRefusal;
    }

    /** Creates a budget and exposes it as metrics. */
    public static ByteBudget exposed(long limit, BudgetMetrics metrics, BudgetMetrics.Budget purpose) {
        ByteBudget budget = new ByteBudget(limit, () -> metrics.refused(purpose));
        metrics.expose(purpose, budget::used, limit);
        return budget;
    }

    /** Returns an eighth of the heap, at most 256 MiB and at least {@code min} bytes. */
    public static long shareOfHeap(long min) {
        return Math.max(min, Math.min(MAX_BYTES_OF_HEAP, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    /** Creates a reservation of a client that holds no bytes yet. */
    public Reservation open(String client) {
        return new Reservation(client);
    }

    /** The largest number of bytes that one client can hold: half of the budget. */
    public long largestShare() {
        return limit / 2;
    }

    /** Counts a request that was refused because the budget or the client's share of it is exhausted. */
    public void refused() {
        onRefusal.run();
    }

    /** The number of bytes that all clients hold now. */
    public synchronized long used() {
        return used;
    }

    private synchronized boolean take(String client, long more) {
        long held = heldBy.getOrDefault(client, 0L);
        if (held + more > limit - used - more) {
            return false;
        }
        add(client, held, more);
        return true;
    }

    private synchronized void giveBack(String client, long bytes) {
        add(client, heldBy.getOrDefault(client, 0L), -bytes);
    }

    private void add(String client, long held, long change) {
        used += change;
        if (held + change == 0) {
            heldBy.remove(client);
        } else {
            heldBy.put(client, held + change);
        }
    }

    /** The bytes that one request of a client holds. Thread-safe. */
    public final class Reservation {
        private final String client;
        private long bytes;

        private Reservation(String client) {
            this.client = client;
        }

        /** Takes {@code more} bytes. Returns false, and takes nothing, if that exceeds the client's share. */
        public synchronized boolean take(long more) {
            if (!ByteBudget.this.take(client, more)) {
                return false;
            }
            bytes += more;
            return true;
        }

        /** Gives back all bytes beyond {@code rest}. */
        public synchronized void shrinkTo(long rest) {
            if (bytes > rest) {
                giveBack(client, bytes - rest);
                bytes = rest;
            }
        }

        /** Gives back all bytes. */
        public void release() {
            shrinkTo(0);
        }

        /** The number of bytes that this reservation holds. */
        public synchronized long bytes() {
            return bytes;
        }
    }
}
