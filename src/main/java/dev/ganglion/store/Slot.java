package dev.ganglion.store;

import java.time.Instant;
import java.util.Set;

/**
 * A slot as the scripts write it: {@code session|node|epoch|seen|lease end|seq|displaced session|displaced node}.
 *
 * @param session who holds it
 * @param node where its socket is
 * @param seenAt when a frame of it last took effect
 * @param leaseEnd until when it holds without a frame
 */
record Slot(String session, String node, Instant seenAt, Instant leaseEnd) {
    static Slot parse(String text) {
        String[] parts = text.split("\\|", -1);
        return new Slot(
                parts[0],
                parts[1],
                Instant.ofEpochMilli(Long.parseLong(parts[3])),
                Instant.ofEpochMilli(Long.parseLong(parts[4])));
    }

    /** Whether a long-poll session counts, whatever became of the node of its last request. */
    boolean online(Instant now) {
        return leaseEnd.isAfter(now);
    }

    /** Whether it counts: its node lives, and its lease runs by the store's clock. */
    boolean live(Set<String> liveNodes, Instant now) {
        return liveNodes.contains(node) && leaseEnd.isAfter(now);
    }
}
