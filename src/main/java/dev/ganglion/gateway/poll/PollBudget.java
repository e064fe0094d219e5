package dev.ganglion.gateway.poll;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the total size of the long-poll bodies that a node reads or processes. Decoded frames at most double that
 * memory. Thread-safe.
 */
public final class PollBudget {
    private static final long MAX_BYTES = 256L << 20;
    private static final int SHARE_OF_HEAP = 8;

    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    /** Creates a budget of {@code maxBytes} bytes. */
    public PollBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Creates a budget of an eighth of the heap, at most 256 MiB. It always has room for one body of the largest size,
     * 64 MiB.
     */
    public static PollBudget ofHeap() {
        long part = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
        return new PollBudget(Math.max(PollBody.MAX_BYTES, Math.min(MAX_BYTES, part)));
    }

    /** The part of the budget that one body uses. It grows while the body is read. */
    final class Share {
        private long bytes;

        /**
         * Takes {@code more} bytes from the budget. Returns false, and takes nothing, if the budget has fewer bytes
         * left.
         */
        boolean take(long more) {
            if (used.addAndGet(more) > maxBytes) {
                used.addAndGet(-more);
                return false;
            }
            bytes += more;
            return true;
        }

        /** Returns all bytes of this share to the budget. */
        void release() {
            used.addAndGet(-bytes);
            bytes = 0;
        }
    }

    Share share() {
        return new Share();
    }

    long used() {
        return used.get();
    }
}
