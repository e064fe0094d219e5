package dev.ganglion.store.redis;

import java.time.Instant;
import java.util.Set;

/**
 * A slot in the text form of the scripts: {@code session|node|epoch|seen|lease end|seq|displaced session|displaced
 * node}.
 *
 * @param session id of the session that holds the slot
 * @param node id of the node that has the session's socket
 * @param seenAt time when a frame of the session last took effect
 * @param leaseEnd time when the lease expires unless a frame renews it
 */
public record Slot(String session, String node, Instant seenAt, Instant leaseEnd) {
    public static Slot parse(String text) {
        String[] parts = text.split("\\|", -1);
        return new Slot(
                parts[0],
                parts[1],
                Instant.ofEpochMilli(Long.parseLong(parts[3])),
                Instant.ofEpochMilli(Long.parseLong(parts[4])));
    }

    /** Whether a long-poll session counts as online. The node of its last request does not matter. */
    public boolean isOnline(Instant now) {
        return leaseEnd.isAfter(now);
    }

    /** Whether the slot counts as connected: its node is live, and its lease is running by the clock of Redis. */
    public boolean isConnected(Set<String> liveNodes, Instant now) {
        return liveNodes.contains(node) && leaseEnd.isAfter(now);
    }
}
