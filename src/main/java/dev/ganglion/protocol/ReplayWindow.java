package dev.ganglion.protocol;

import dev.ganglion.protocol.error.ProtocolLimits;
import java.security.SecureRandom;

/**
 * Remembers the last seq and the recent nonces of one session and direction: at most {@value ProtocolLimits#MAX_NONCES}
 * nonces, each for three minutes.
 *
 * <p>Nonces are stored as 64-bit hashes with a seed of this process. The hashes are in a ring in order of arrival;
 * chains over the ring make them searchable. An idle window takes almost no memory, a busy one 16 bytes per nonce. The
 * ring grows and shrinks with the traffic.
 */
final class ReplayWindow {
    private static final int INITIAL_CAPACITY = 8;
    private static final int[] NO_TIMES = {};
    private static final long[] NO_HASHES = {};
    private static final short[] NO_LINKS = {};

    private long lastSeq;

    /** The ring; its size is a power of two. A link is a position in the ring plus one; 0 ends a chain. */
    private long[] hashes = NO_HASHES;

    private int[] times = NO_TIMES;
    private short[] heads = NO_LINKS;
    private short[] links = NO_LINKS;
    private int first;
    private int size;

    long lastSeq() {
        return lastSeq;
    }

    /** Whether the nonce is still remembered at this time. */
    boolean holds(long hash, long nowMillis) {
        forgetBefore(nowMillis);
        if (size == 0) {
            return false;
        }
        for (int link = heads[bucket(hash)]; link != 0; link = links[link - 1]) {
            if (hashes[link - 1] == hash) {
                return true;
            }
        }
        return false;
    }

    /** Records the seq and the nonce of an accepted frame. */
    void accept(long seq, long hash, long nowMillis) {
        lastSeq = seq;
        if (size == ProtocolLimits.MAX_NONCES) {
            forgetFirst();
        }
        if (size == hashes.length) {
            resize(Math.max(INITIAL_CAPACITY, 2 * size));
        }
        append(hash, (int) nowMillis);
    }

    private void append(long hash, int time) {
        int place = (first + size) & (hashes.length - 1);
        int bucket = bucket(hash);
        hashes[place] = hash;
        times[place] = time;
        links[place] = heads[bucket];
        heads[bucket] = (short) (place + 1);
        size++;
    }

    private void forgetBefore(long nowMillis) {
        long memory = ProtocolLimits.NONCE_MEMORY.toMillis();
        // The difference of the low 32 bits is correct for up to 24 days, and no session is silent for that long.
        while (size > 0 && (int) nowMillis - times[first] > memory) {
            forgetFirst();
        }
        if (hashes.length > INITIAL_CAPACITY && size < hashes.length / 8) {
            resize(hashes.length / 2);
        }
    }

    private void forgetFirst() {
        int bucket = bucket(hashes[first]);
        int link = heads[bucket];
        if (link == first + 1) {
            heads[bucket] = links[first];
        } else {
            while (links[link - 1] != first + 1) {
                link = links[link - 1];
            }
            links[link - 1] = links[first];
        }
        first = (first + 1) & (hashes.length - 1);
        size--;
    }

    private void resize(int capacity) {
        long[] oldHashes = hashes;
        int[] oldTimes = times;
        int oldFirst = first;
        int oldSize = size;
        hashes = new long[capacity];
        times = new int[capacity];
        heads = new short[capacity];
        links = new short[capacity];
        first = 0;
        size = 0;
        for (int i = 0; i < oldSize; i++) {
            int place = (oldFirst + i) & (oldHashes.length - 1);
            append(oldHashes[place], oldTimes[place]);
        }
    }

    private int bucket(long hash) {
        return (int) hash & (heads.length - 1);
    }

    /** Returns the hash of a nonce. */
    static long hash(byte[] bytes, int start, int end) {
        long hash = Seed.VALUE + end - start;
        for (int i = start; i < end; i++) {
            hash = (hash ^ (bytes[i] & 0xFF)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 29;
        }
        return hash * 0xBF58_476D_1CE4_E5B9L;
    }

    @Override
    public String toString() {
        return "ReplayWindow[lastSeq=" + lastSeq + ", nonces=" + size + "]";
    }

    /** A random seed, so that no peer can construct different nonces with equal hashes. */
    private static final class Seed {
        static final long VALUE = new SecureRandom().nextLong();
    }
}
