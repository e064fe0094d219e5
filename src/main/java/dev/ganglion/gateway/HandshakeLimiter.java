package dev.ganglion.gateway;

import dev.ganglion.config.HandshakeConfig;
import dev.ganglion.config.value.IpAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits how fast each client may open connections, with one token bucket per IPv4 address or IPv6 /64. It remembers up
 * to 65,536 of them and evicts the least recently seen one. Thread-safe.
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

    /** Creates a limiter with the configured rate and burst. */
    public HandshakeLimiter(HandshakeConfig config) {
        this.config = config;
    }

    /**
     * Takes a token for the network of {@code address}.
     *
     * @param now current time of a monotonic clock, in nanoseconds
     * @return seconds until the next attempt may succeed, at least 1; 0 if the connection is admitted
     */
    synchronized int admit(String address, long now) {
        if (!config.limited()) {
            return 0;
        }
        Bucket bucket =
                buckets.computeIfAbsent(IpAddress.networkOf(address), network -> new Bucket(config.burst(), now));
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
