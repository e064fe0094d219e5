package dev.ganglion.projection.projector;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which queues or workers the events of tasks named within the last minute, so that their records are not written for every task. Used
 * on one context, for one lease.
 */
final class NamedSubjects {
    /** Shortest time between two records of tasks that name a queue or worker, in milliseconds. */
    static final long INTERVAL_MS = 60_000;

    private static final int MOST = 4_096;

    private record Name(String engine, String name) {}

    private final Map<Name, Long> named = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Long> eldest) {
            return size() > MOST;
        }
    };

    /** Notes that a task named a queue or worker. Returns whether its record is due. */
    boolean note(String engine, String subject, long receivedMs) {
        Name name = new Name(engine, subject);
        Long before = named.get(name);
        if (before != null && receivedMs - before < INTERVAL_MS) {
            return false;
        }
        named.put(name, receivedMs);
        return true;
    }
}
