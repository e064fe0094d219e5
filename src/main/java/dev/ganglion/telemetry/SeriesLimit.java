package dev.ganglion.telemetry;

import java.util.HashMap;
import java.util.Map;

/**
 * Limits the number of series that one project can add to a metric, because agents choose some label values. Each
 * project has its own share, so one project cannot remove the series of another. Thread-safe.
 */
final class SeriesLimit {
    /** The label value under which a project's further series are counted together. */
    static final String OVERFLOW = "__overflow__";

    private final int perProject;
    private final Map<String, Integer> taken = new HashMap<>();

    /**
     * Creates a limit.
     *
     * @param perProject largest number of series of a project, without the one for the overflow
     */
    SeriesLimit(int perProject) {
        this.perProject = perProject;
    }

    /** Takes one of the project's places. Returns false if the project has no place left. */
    synchronized boolean take(String project) {
        int before = taken.getOrDefault(project, 0);
        if (before >= perProject) {
            return false;
        }
        taken.put(project, before + 1);
        return true;
    }

    /** Gives back a place that {@link #take} took. */
    synchronized void release(String project) {
        taken.computeIfPresent(project, (name, count) -> count == 1 ? null : count - 1);
    }

    /** Whether the project has no place left. */
    synchronized boolean isFull(String project) {
        return taken.getOrDefault(project, 0) >= perProject;
    }
}
