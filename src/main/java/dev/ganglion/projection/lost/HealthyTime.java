package dev.ganglion.projection.lost;

import dev.ganglion.projection.lost.PresenceView.Cluster;
import java.time.Duration;
import java.util.Set;

/**
 * Tracks since when the store and the cluster have been healthy without a break. A failed or missing look at the store, a
 * split, and any change of the nodes that serve agents begin a new period, because agents reconnect then. Not thread-safe.
 */
final class HealthyTime {
    /** Longest time between two looks of one period. */
    static final Duration MAX_GAP = Duration.ofSeconds(15);

    private Set<String> nodes = Set.of();
    private boolean running;
    private long since;
    private long last;

    /** Notes a successful look at the store and the cluster. */
    void observe(long nowNanos, Cluster cluster) {
        boolean continues = running
                && nowNanos - last <= MAX_GAP.toNanos()
                && cluster.nodes().equals(nodes);
        if (!cluster.healthy()) {
            running = false;
            return;
        }
        if (!continues) {
            since = nowNanos;
        }
        running = true;
        last = nowNanos;
        nodes = Set.copyOf(cluster.nodes());
    }

    /** Ends the period. */
    void interrupt() {
        running = false;
    }

    /** Whether all was healthy at the last look. */
    boolean isHealthy() {
        return running;
    }

    /** Whether all has been healthy for this long at the last look, and this long has passed since another moment. */
    boolean covers(Duration time, long otherNanos) {
        return running && last - since >= time.toNanos() && last - otherNanos >= time.toNanos();
    }
}
