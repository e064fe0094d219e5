package dev.ganglion.bus;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.event.EngineWorkerName;
import dev.ganglion.protocol.event.EventTally;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.Frame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers the engine workers that a session named last, so that only new ones are written to the store. Confined to
 * one thread.
 *
 * <p>Some engines, such as huey, arq and taskiq, never name a worker. If a session reports that tasks of such an engine
 * run or end, its own process is the worker: {@link EngineWorkerName#isProcess}.
 */
public final class ReportedWorkers {
    private static final String CELERY = "celery";

    private final Set<EngineWorkerName> known = new LinkedHashSet<>();
    /** Engines of which this session named a worker, or is one. */
    private final Set<String> engines = new HashSet<>();

    /** Returns the engine workers of a frame that are not among the remembered ones, and remembers them. */
    public List<EngineWorkerName> newIn(Frame frame) {
        if (!(frame instanceof EventBatch batch)) {
            return List.of();
        }
        List<EngineWorkerName> added = named(batch);
        for (EventTally tally : batch.tallies()) {
            if (isByWorker(tally) && engines.size() < ProtocolLimits.MAX_ENGINES && engines.add(tally.engine())) {
                added = added.isEmpty() ? new ArrayList<>() : added;
                added.add(EngineWorkerName.process(tally.engine()));
            }
        }
        return added;
    }

    /** Whether only the process that runs a task reports such events. The workers of Celery send events of their own. */
    private static boolean isByWorker(EventTally tally) {
        return switch (tally.kind()) {
            case "task.started", "task.succeeded", "task.failed" ->
                !tally.engine().equals(CELERY) && !tally.engine().equals(EventTally.OVERFLOW);
            default -> false;
        };
    }

    private List<EngineWorkerName> named(EventBatch batch) {
        if (known.containsAll(batch.workers())) {
            return List.of();
        }
        List<EngineWorkerName> added = new ArrayList<>();
        for (EngineWorkerName worker : batch.workers()) {
            if (known.add(worker)) {
                added.add(worker);
                if (engines.size() < ProtocolLimits.MAX_ENGINES) {
                    boolean unused = engines.add(worker.engine());
                }
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
