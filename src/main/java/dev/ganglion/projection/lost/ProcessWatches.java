package dev.ganglion.projection.lost;

import dev.ganglion.projection.lost.OpenTask.Start;
import dev.ganglion.projection.lost.PresentProcess.Identity;
import dev.ganglion.projection.task.SubjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what the looks at the store showed of the processes and engine workers that run tasks. Forgets those that run
 * none. Not thread-safe.
 */
final class ProcessWatches {
    /** Least number of consecutive looks without a process before it counts as absent. */
    private static final int LEAST_MISSED = 3;

    /** How long the last session of a process and its next one may overlap, including the error of clocks. */
    private static final long OVERLAP_MS = 10_000;

    private final Map<ProcessKey, Watch> processes = new HashMap<>();
    private final Map<SubjectKey, WorkerWatch> workers = new HashMap<>();

    /** What is known of a process. */
    static final class Watch {
        /** The last time when a session of exactly this name was connected; 0 if none was seen. */
        private long seenMs;

        private boolean longPoll;
        private long presentNanos;
        private long presentMs;
        private int missed;
        private @Nullable Identity identity;
        private @Nullable String role;
        private long replacedMs;

        private Watch(long nowNanos, long nowMs) {
            presentNanos = nowNanos;
            presentMs = nowMs;
        }

        /** The last time when the process was present, or the time of the first look, by the brain's clock. */
        long presentMs() {
            return presentMs;
        }

        /** The process as its last hello described it; null if it is unknown. */
        @Nullable
        Identity identity() {
            return identity;
        }

        /** The role that its hello named; null if it is unknown. */
        @Nullable
        String role() {
            return role;
        }

        /** The time when another process connected under this {@code worker_id}; 0 if none was seen. */
        long replacedMs() {
            return replacedMs;
        }

        private void see(PresentProcess session, long nowMs) {
            seenMs = nowMs;
            longPoll = session.longPoll();
            if (session.identity() == null) {
                return;
            }
            role = session.role();
            if (identity != null && !identity.equals(session.identity())) {
                replacedMs = session.connectedMs();
            }
            identity = session.identity();
        }
    }

    /** What is known of the main process of an engine worker. */
    private static final class WorkerWatch {
        private @Nullable Integer pid;
        private long pidSeenMs;
        private long replacedMs;
        private long olderThanMs;

        private void see(WorkerSigns signs, long nowMs) {
            if (signs.pid() == null) {
                return;
            }
            if (pid != null && !pid.equals(signs.pid())) {
                replacedMs = nowMs;
                olderThanMs = pidSeenMs;
            }
            pid = signs.pid();
            pidSeenMs = nowMs;
        }
    }

    /** Notes what a look showed of the processes and workers of these tasks. */
    void observe(long nowNanos, Collection<OpenTask> tasks, PresenceView view) {
        Set<ProcessKey> needed = new HashSet<>();
        Set<SubjectKey> neededWorkers = new HashSet<>();
        for (OpenTask task : tasks) {
            task.starts().forEach(start -> needed.add(start.process()));
            SubjectKey worker = task.workerKey();
            if (worker != null) {
                neededWorkers.add(worker);
            }
        }
        processes.keySet().retainAll(needed);
        workers.keySet().retainAll(neededWorkers);
        needed.forEach(process -> observe(nowNanos, process, view));
        neededWorkers.forEach(worker -> {
            WorkerSigns signs = view.workers().get(worker);
            if (signs != null) {
                workers.computeIfAbsent(worker, key -> new WorkerWatch()).see(signs, view.atMs());
            }
        });
    }

    private void observe(long nowNanos, ProcessKey process, PresenceView view) {
        List<PresentProcess> sessions = view.of(process.agentId());
        if (sessions == null) {
            return;
        }
        Watch watch = processes.computeIfAbsent(process, key -> new Watch(nowNanos, view.atMs()));
        boolean present = false;
        for (PresentProcess session : sessions) {
            if (mayBe(session, process)) {
                present = true;
            }
        }
        for (PresentProcess session : sessions) {
            if (!process.isNameless() && process.process() == session.process()) {
                watch.see(session, view.atMs());
            }
        }
        watch.missed = present ? 0 : watch.missed + 1;
        if (present) {
            watch.presentNanos = nowNanos;
            watch.presentMs = view.atMs();
        }
    }

    /**
     * Whether a session may belong to a process. A process keeps its name while it uses WebSocket. When it changes to long
     * poll, or begins another long-poll session, it connects under another name, after its last session ended.
     */
    boolean mayBe(PresentProcess session, ProcessKey process) {
        if (process.process() == session.process() || process.isNameless()) {
            return true;
        }
        Watch watch = of(process);
        Identity identity = session.identity();
        return (session.longPoll() || watch.longPoll)
                && session.connectedMs() >= watch.seenMs - OVERLAP_MS
                && (identity == null || identity.startedMs() <= watch.seenMs);
    }

    /** What is known of a process. Only for processes of the tasks and agents of the last look. */
    Watch of(ProcessKey process) {
        return Objects.requireNonNull(processes.get(process), "the process was not looked at");
    }

    /** Whether a process was not connected for so long, while all was healthy, that it is gone. */
    boolean isAbsent(ProcessKey process, HealthyTime health) {
        Watch watch = of(process);
        return watch.missed >= LEAST_MISSED && health.covers(LostTasks.ABSENCE, watch.presentNanos);
    }

    /** The id of the worker's main process; null if it is unknown. */
    @Nullable
    Integer pidOf(SubjectKey worker) {
        WorkerWatch watch = workers.get(worker);
        return watch == null ? null : watch.pid;
    }

    /** The time when another main process of the worker was seen that did not run at this start; 0 if none was seen. */
    long replacedSince(SubjectKey worker, Start start) {
        WorkerWatch watch = workers.get(worker);
        return watch != null && watch.replacedMs > 0 && start.heardMs() <= watch.olderThanMs ? watch.replacedMs : 0;
    }
}
