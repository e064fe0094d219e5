package dev.ganglion.bus.link;

import dev.ganglion.telemetry.Ticker;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what a node refuses at its bus port, and logs it at most once a minute, because strangers can cause it at any
 * rate. Thread-safe.
 */
public final class RefusalCounts {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalCounts.class);
    private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<Refusal, LongAdder> counts = new EnumMap<>(Refusal.class);
    private final Ticker ticker;
    private long logged;
    private long unlogged;
    private boolean everLogged;

    RefusalCounts(Ticker ticker) {
        this.ticker = ticker;
        for (Refusal reason : Refusal.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    /** The number of refusals for this reason since the start. */
    public long count(Refusal reason) {
        LongAdder count = counts.get(reason);
        return count == null ? 0 : count.sum();
    }

    /**
     * Counts a refusal.
     *
     * @param peer address or id of the peer
     */
    void refused(Refusal reason, String peer) {
        LongAdder count = counts.get(reason);
        if (count != null) {
            count.increment();
        }
        long others;
        synchronized (this) {
            long now = ticker.nanos();
            if (everLogged && now - logged < LOG_NANOS) {
                unlogged++;
                return;
            }
            everLogged = true;
            logged = now;
            others = unlogged;
            unlogged = 0;
        }
        LOG.atWarn()
                .addKeyValue("peer", peer)
                .addKeyValue("reason", reason.label())
                .addKeyValue("othersSinceLastLine", others)
                .log("Refused a connection or a message at cluster.bus-port: {}", reason.text());
    }
}
