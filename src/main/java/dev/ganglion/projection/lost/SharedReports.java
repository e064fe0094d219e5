package dev.ganglion.projection.lost;

import dev.ganglion.projection.lost.OpenTask.Start;
import dev.ganglion.projection.lost.PresentProcess.Identity;
import dev.ganglion.projection.lost.ProcessWatches.Watch;
import dev.ganglion.projection.task.SubjectKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges the tasks of engines whose processes report the events of all workers, such as Celery. There, the process that
 * reports a start need not be the one that runs the task, so what is known of the engine worker counts as well.
 */
final class SharedReports {
    private static final Set<String> ENGINES = Set.of("celery");
    /** Roles of processes that run no tasks. */
    private static final Set<String> NO_TASKS = Set.of("web", "scheduler", "beat");

    private final ProcessWatches watches;
    private final HealthyTime health;

    SharedReports(ProcessWatches watches, HealthyTime health) {
        this.watches = watches;
        this.health = health;
    }

    /** Whether all processes of an engine report the events of all its workers. */
    static boolean applyTo(String engine) {
        return ENGINES.contains(engine);
    }

    /** The time since which another main process runs the worker of a task, by the brain's clock; 0 if none was seen. */
    long replacedSince(OpenTask task, PresenceView view) {
        SubjectKey worker = task.workerKey();
        long since = worker == null ? 0 : watches.replacedSince(worker, task.lastStart());
        return since > 0 && view.atMs() - since >= LostTasks.SETTLE.toMillis() ? since : 0;
    }

    /**
     * Whether the worker of a task is gone: the process that runs it is absent if it is known. Otherwise one of the
     * processes that may run it is absent, and the worker is silent or has come online again since.
     */
    boolean isAbsent(OpenTask task, PresenceView view) {
        SubjectKey worker = task.workerKey();
        if (worker == null) {
            return task.starts().stream().allMatch(this::isAbsent);
        }
        List<Start> exact =
                task.starts().stream().filter(start -> isMain(worker, start)).toList();
        if (!exact.isEmpty()) {
            return exact.stream().allMatch(this::isAbsent);
        }
        WorkerSigns signs = view.workers().get(worker);
        if (signs == null) {
            return task.starts().stream().allMatch(this::isAbsent);
        }
        boolean silent = view.atMs() - signs.heardMs() >= LostTasks.ABSENCE.toMillis();
        return (silent || signs.onlineMs() > task.lastStart().atMs())
                && task.starts().stream().anyMatch(start -> mayRun(worker, start) && isAbsent(start));
    }

    private boolean isAbsent(Start start) {
        return watches.isAbsent(start.process(), health);
    }

    /** Whether a process is the main process of a worker. */
    private boolean isMain(SubjectKey worker, Start start) {
        Identity identity = watches.of(start.process()).identity();
        Integer pid = watches.pidOf(worker);
        return identity != null
                && pid != null
                && pid == identity.pid()
                && !identity.host().isEmpty()
                && isOn(identity.host(), worker);
    }

    /** Whether a process may be a part of a worker, as far as its hello tells. */
    private boolean mayRun(SubjectKey worker, Start start) {
        Watch watch = watches.of(start.process());
        Identity identity = watch.identity();
        return isTaskRole(watch.role()) && (identity == null || isOn(identity.host(), worker));
    }

    private static boolean isTaskRole(@Nullable String role) {
        return role == null || !NO_TASKS.contains(role);
    }

    /** Whether a worker, such as {@code celery@host}, may run on a host; the host is empty if it is unknown. */
    private static boolean isOn(String host, SubjectKey worker) {
        int at = worker.name().indexOf('@');
        return at < 0 || host.isEmpty() || worker.name().substring(at + 1).equals(host);
    }
}
