package dev.ganglion.projection.projector;

import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.lost.LostMark;
import dev.ganglion.projection.lost.LostTaskSweeper;
import dev.ganglion.projection.lost.LostTasks;
import dev.ganglion.projection.lost.OpenTask;
import dev.ganglion.projection.lost.ProcessKey;
import dev.ganglion.projection.lost.ProcessPresence;
import dev.ganglion.projection.lost.StartedTasks;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.run.TaskFilter;
import dev.ganglion.projection.run.TaskQuery;
import dev.ganglion.projection.run.TaskStore;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskState;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Watches the started tasks of a project for one lease. Steps report the tasks that they change; the tasks that started
 * before this node took the lease are read from the store, a page with each sweep.
 */
final class LostTaskWatch {
    /** Age of the oldest event that may wait while tasks are judged, in milliseconds. */
    private static final long CURRENT_MS = 2_000;

    private static final int PAGE = 500;
    private static final String WORKER_OFFLINE = "worker.offline";
    private static final long MICROS_PER_MILLI = 1_000;
    private static final TaskFilter STARTED =
            new TaskFilter(Set.of(TaskState.STARTED.label()), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), null);

    private final String projectId;
    private final @Nullable TaskStore store;
    private final @Nullable LostTaskSweeper sweeper;
    private final StartedTasks tasks = new StartedTasks();
    private boolean restoring = true;
    private @Nullable String cursor;

    /**
     * Creates a watch.
     *
     * @param ports null for a projection that looks for no lost tasks
     * @param home runs an action on the context of the projector
     */
    LostTaskWatch(ProjectionEngine.Place place, @Nullable LostTaskPorts ports, Ticker ticker, Executor home) {
        this.projectId = place.projectId();
        this.store = ports == null ? null : ports.tasks();
        this.sweeper = ports == null
                ? null
                : new LostTaskSweeper(
                        new ProcessPresence.Place(place.projectId(), place.shards()),
                        ports.sweeps(),
                        tasks,
                        ticker,
                        home);
    }

    /** Notes a task as a step has changed it. */
    void changed(SubjectKey key, Task task) {
        if (sweeper != null) {
            OpenTask.of(key, task).ifPresentOrElse(tasks::put, () -> tasks.remove(key));
        }
    }

    /** Notes an event that concerns no task. */
    void note(TaskEvent event) {
        if (sweeper != null && event.kind().equals(WORKER_OFFLINE)) {
            String name = event.worker();
            sweeper.wentOffline(
                    new ProcessKey(event.agentId(), event.process()),
                    new SubjectKey(event.engine(), name == null ? "" : name),
                    event.micros() / MICROS_PER_MILLI,
                    event.receivedMs());
        }
    }

    boolean isDue() {
        return sweeper != null && (restoring || sweeper.isDue());
    }

    /** Judges the started tasks. Returns those whose mark changes, with the new mark. */
    Future<Map<SubjectKey, Task>> sweep(Lease lease, ProjectionEngine engine, LeaseState state) {
        if (sweeper == null) {
            return Future.succeededFuture(Map.of());
        }
        restoring |= tasks.takeRoom();
        LostTaskSweeper judging = sweeper;
        return restore(lease, engine)
                .compose(done -> judging.sweep(state.behindMs() <= CURRENT_MS))
                .compose(sweep -> load(lease, engine, state, sweep).map(known -> mark(sweep, known)));
    }

    private static Future<Map<SubjectKey, Task>> load(
            Lease lease, ProjectionEngine engine, LeaseState state, LostTasks.Sweep sweep) {
        Set<SubjectKey> missing = new HashSet<>(sweep.found());
        sweep.lost().forEach(task -> missing.add(task.key()));
        Map<SubjectKey, Task> known = new HashMap<>();
        for (SubjectKey key : Set.copyOf(missing)) {
            Task task = state.cache().get(key);
            if (task != null) {
                known.put(key, task);
                missing.remove(key);
            }
        }
        return missing.isEmpty()
                ? Future.succeededFuture(known)
                : engine.loadTasks(lease, missing).map(loaded -> {
                    known.putAll(loaded);
                    return known;
                });
    }

    private static Map<SubjectKey, Task> mark(LostTasks.Sweep sweep, Map<SubjectKey, Task> known) {
        for (OpenTask lost : sweep.lost()) {
            Task task = known.get(lost.key());
            LostMark mark = lost.mark();
            if (task != null && mark != null) {
                task.markLost(mark.sinceMs(), mark.reason().label());
            }
        }
        for (SubjectKey key : sweep.found()) {
            Task task = known.get(key);
            if (task != null) {
                task.unmarkLost();
            }
        }
        return known;
    }

    /** Reads the next page of tasks that were started before this lease. */
    private Future<Void> restore(Lease lease, ProjectionEngine engine) {
        if (!restoring || store == null) {
            return Future.succeededFuture();
        }
        return store.list(projectId, new TaskQuery(STARTED, null, null, cursor, PAGE))
                .compose(page -> {
                    Set<SubjectKey> keys = new HashSet<>();
                    page.items()
                            .forEach(item ->
                                    keys.add(SubjectKey.cut(item.getString("engine"), item.getString("task_id"))));
                    return engine.loadTasks(lease, keys).map(loaded -> {
                        loaded.forEach(this::changed);
                        cursor = page.nextCursor();
                        restoring = cursor != null;
                        return null;
                    });
                });
    }
}
