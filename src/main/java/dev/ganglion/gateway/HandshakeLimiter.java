package dev.ganglion.gateway;

import dev.ganglion.config.HandshakeConfig;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds how fast one address opens connections: a token bucket per address. Thread-safe; remembers a bounded number of
 * addresses, those longest unseen go first.
 */
public final class HandshakeLimiter {
    static final int ADDRESSES = 65_536;

    private static final class Bucket {
        private double tokens;
        private long filledAt;

        private Bucket(double tokens, long now) {
            this.tokens = tokens;
            this.filledAt = now;
        }
    }

    private final HandshakeConfig config;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /** A limiter as configured. */
    public HandshakeLimiter(HandshakeConfig config) {
        this.config = config;
    }

    /** Seconds to wait before the next try, 0 = come in. {@code now} is in nanoseconds. */
    synchronized int admit(String address, long now) {
        if (!config.limited()) {
            return 0;
        }
        Bucket bucket = buckets.computeIfAbsent(address, a -> new Bucket(config.burst(), now));
        trim();
        bucket.tokens = Math.min(config.burst(), bucket.tokens + (now - bucket.filledAt) / 1e9 * config.rate());
        bucket.filledAt = now;
        if (bucket.tokens >= 1) {
            bucket.tokens--;
            return 0;
        }
        return Math.max(1, (int) Math.ceil((1 - bucket.tokens) / config.rate()));
    }

    private void trim() {
        if (buckets.size() > ADDRESSES) {
            Iterator<Bucket> oldest = buckets.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
