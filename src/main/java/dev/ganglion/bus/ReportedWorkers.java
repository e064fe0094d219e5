package dev.ganglion.bus;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.event.EngineWorkerName;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.Frame;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers the engine workers that a session named last, so that only new ones are written to the store. Confined to
 * one thread.
 */
public final class ReportedWorkers {
    private final Set<EngineWorkerName> known = new LinkedHashSet<>();

    /** Returns the engine workers of a frame that are not among the remembered ones, and remembers them. */
    public List<EngineWorkerName> newIn(Frame frame) {
        if (!(frame instanceof EventBatch batch) || known.containsAll(batch.workers())) {
            return List.of();
        }
        List<EngineWorkerName> added = new ArrayList<>();
        for (EngineWorkerName worker : batch.workers()) {
            if (known.add(worker)) {
                added.add(worker);
            }
        }
        Iterator<EngineWorkerName> oldest = known.iterator();
        for (int over = known.size() - ProtocolLimits.MAX_REPORTED_WORKERS; over > 0; over--) {
            oldest.next();
            oldest.remove();
        }
        return added;
    }
}
