package dev.ganglion.socket;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Limits the bytes that all WebSockets of a node hold at once: output that peers have not read, answers to pings, and
 * messages that have arrived in part. Above the limit, the budget cuts the socket that holds most. While sockets of other
 * event loops take time to end, one that takes more than an eighth above the limit is cut itself. Thread-safe.
 *
 * <p>A socket takes bytes in steps of 4 KiB, so that one that keeps up with its peer never touches the shared count.
 */
public final class SocketBudget {
    /** Bytes that a socket may hold without being counted, and the step in which it takes more. */
    static final int STEP_BYTES = 4096;

    private static final int HARD_LIMIT_DIVISOR = 8;
    private static final int DEFAULT_SHARE_OF_HEAP = 4;

    private final long maxBytes;
    private final Runnable onCut;
    private final AtomicLong used = new AtomicLong();
    /** Bytes of shares that were told to end and have not returned their bytes yet. */
    private final AtomicLong ending = new AtomicLong();

    private final Set<Share> shares = ConcurrentHashMap.newKeySet();

    /**
     * Creates a budget.
     *
     * @param onCut called for each socket that the budget cuts
     */
    public SocketBudget(long maxBytes, Runnable onCut) {
        this.maxBytes = maxBytes;
        this.onCut = onCut;
    }

    /** A budget without a limit, for servers that set none. */
    static SocketBudget unlimited() {
        return new SocketBudget(Long.MAX_VALUE, () -> {});
    }

    /** The limit of a node that configures none: a quarter of its heap. */
    public static long defaultBytes() {
        return Runtime.getRuntime().maxMemory() / DEFAULT_SHARE_OF_HEAP;
    }

    /** The bytes that sockets hold now, in steps of 4 KiB for each socket. */
    public long used() {
        return used.get();
    }

    /** The largest number of bytes. */
    public long maxBytes() {
        return maxBytes;
    }

    /** The part of the budget that one socket uses. Confined to the event loop of the socket, except for the cut. */
    final class Share {
        private final Runnable cut;
        private volatile long taken;
        private volatile boolean ended;

        private Share(Runnable cut) {
            this.cut = cut;
        }

        /** Records that the socket now holds {@code bytes}. */
        void hold(long bytes) {
            long before = taken;
            if (bytes < before + STEP_BYTES && bytes >= before) {
                return;
            }
            adjust(before, bytes / STEP_BYTES * STEP_BYTES);
        }

        private void adjust(long before, long now) {
            taken = now;
            used.addAndGet(now - before);
            if (ended) {
                ending.addAndGet(now - before);
            }
            if (now == 0) {
                shares.remove(this);
            } else if (before == 0) {
                shares.add(this);
            }
            if (now > before && used.get() > maxBytes) {
                relieve(this);
            }
        }
    }

    /** Returns the share of a new socket. {@code cut} ends that socket; it may be called on any thread. */
    Share share(Runnable cut) {
        return new Share(cut);
    }

    /** Cuts the largest sockets, and {@code growing} itself if too many bytes are still being returned. */
    private void relieve(Share growing) {
        for (Share largest = endLargest(); largest != null; largest = endLargest()) {
            largest.cut.run();
        }
        if (used.get() - maxBytes > maxBytes / HARD_LIMIT_DIVISOR && end(growing)) {
            growing.cut.run();
        }
    }

    private synchronized @Nullable Share endLargest() {
        Share largest = null;
        if (used.get() - ending.get() > maxBytes) {
            for (Share share : shares) {
                if (!share.ended && (largest == null || share.taken > largest.taken)) {
                    largest = share;
                }
            }
        }
        return largest != null && end(largest) ? largest : null;
    }

    /** Marks a share whose socket is about to be cut. Returns false if another caller did so before. */
    private synchronized boolean end(Share share) {
        if (share.ended) {
            return false;
        }
        share.ended = true;
        ending.addAndGet(share.taken);
        onCut.run();
        return true;
    }
}
