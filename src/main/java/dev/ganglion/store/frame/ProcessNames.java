package dev.ganglion.store.frame;

import dev.ganglion.store.stream.ProcessName;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Short names of the worker processes that report events, as stream entries contain them ({@link ProcessName}). The
 * projection needs them to tell several reports of one transition from several transitions.
 *
 * <p>For one thread at a time; remembers the names of the last {@value #REMEMBERED} processes, so
 * that a batch costs no digest.
 */
final class ProcessNames {
    private static final int REMEMBERED = 4_096;

    private final Map<String, String> names = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Returns the name of a process; empty if its session has no {@code worker_id}. */
    String of(String workerId) {
        return workerId.isEmpty() ? "" : names.computeIfAbsent(workerId, ProcessName::of);
    }
}
