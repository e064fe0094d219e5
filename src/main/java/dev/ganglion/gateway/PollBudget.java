package dev.ganglion.gateway;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all long-poll bodies that a node reads or works on: what is decoded of them doubles that at the
 * most. Thread-safe.
 */
public final class PollBudget {
    private static final long MOST_BYTES = 256L << 20;
    private static final int SHARE_OF_HEAP = 8;

    private final long most;
    private final AtomicLong used = new AtomicLong();

    /** A budget of so many bytes. */
    public PollBudget(long most) {
        this.most = most;
    }

    /** An eighth of the heap, 256 MiB at the most; but always room for one body of full size. */
    public static PollBudget ofHeap() {
        long part = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
        return new PollBudget(Math.max(PollBody.MAX_BYTES, Math.min(MOST_BYTES, part)));
    }

    /** One body's part of the budget, which grows while it is read. */
    final class Share {
        private long bytes;

        /** Takes so many more bytes; false when there are not so many left. */
        boolean take(long more) {
            if (used.addAndGet(more) > most) {
                used.addAndGet(-more);
                return false;
            }
            bytes += more;
            return true;
        }

        /** Gives all of it back. */
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
