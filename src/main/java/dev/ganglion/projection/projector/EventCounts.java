package dev.ganglion.projection.projector;

import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.run.TaskEvent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of one step by kind and minute. Events of one minute come together, so only one minute is counted at
 * a time.
 */
final class EventCounts {
    private static final long MINUTE_MS = 60_000;

    private static final class Count {
        private long events;
    }

    private final ProjectionChanges changes;
    private final Map<String, Count> kinds = new HashMap<>();
    private long receivedMs;
    private @Nullable String kind;
    private @Nullable Count count;

    EventCounts(ProjectionChanges changes) {
        this.changes = changes;
    }

    /**
     * Counts an event.
     *
     * @param transitions number of transitions that it added; usually 1, or 0 if another process reported the same
     */
    void add(TaskEvent event, int transitions) {
        if (event.receivedMs() / MINUTE_MS != receivedMs / MINUTE_MS) {
            flush();
            receivedMs = event.receivedMs();
        }
        Count known = count;
        if (known == null || !event.kind().equals(kind)) {
            kind = event.kind();
            known = kinds.computeIfAbsent(event.kind(), k -> new Count());
            count = known;
        }
        known.events += transitions;
    }

    /** Puts the counts into the changes. */
    void flush() {
        kinds.forEach((name, counted) -> {
            if (counted.events != 0) {
                changes.countEvents(name, receivedMs, counted.events);
            }
        });
        kinds.clear();
        count = null;
    }
}
