package dev.ganglion.projection.lost;

import dev.ganglion.projection.lost.LostMark.Reason;
import dev.ganglion.projection.lost.OpenTask.Start;
import dev.ganglion.projection.task.SubjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which started tasks of a project are lost. It compares the processes that reported the start of a task with the
 * processes that are connected.
 *
 * <p>A task is lost at once if another process took the place of its worker's process, or if the worker reported that it
 * went offline. Otherwise it is lost when its process was not connected for {@link #ABSENCE}, while the store and the
 * cluster were healthy all the time. The policy prefers a late mark to a false one: whatever it cannot tell counts as
 * present. It does no input or output. Not thread-safe.
 */
public final class LostTasks {
    /** Time without its process after which a task is lost. */
    public static final Duration ABSENCE = Duration.ofSeconds(90);

    /** Time after a new connection, or a report, in which events that were under way may still arrive. */
    static final Duration SETTLE = Duration.ofSeconds(3);

    /** Most marks that one sweep changes, so that the step that stores them is small. The next sweep changes the others. */
    private static final int MOST_CHANGES = 1_000;

    private final HealthyTime health = new HealthyTime();
    private final ProcessWatches watches = new ProcessWatches();
    private final OfflineNotes offline = new OfflineNotes();
    private final Replacements replacements = new Replacements(watches);
    private final SharedReports shared = new SharedReports(watches, health);

    /**
     * The result of one sweep.
     *
     * @param lost tasks that are lost since this sweep, with their marks
     * @param found tasks whose mark was wrong, because their process is connected again
     */
    public record Sweep(List<OpenTask> lost, List<SubjectKey> found) {
        static final Sweep EMPTY = new Sweep(List.of(), List.of());

        /** Whether no mark changes. */
        public boolean isEmpty() {
            return lost.isEmpty() && found.isEmpty();
        }
    }

    /**
     * Notes that a process reported its engine worker as offline. For engines whose processes report each other's workers,
     * the note has no effect; {@link WorkerSigns} tells of those.
     *
     * @param process process that sent the event
     * @param worker the engine worker; its name is empty if the event names none, its engine if the event names none
     * @param atMs time by the clock of the process, in milliseconds since 1970
     * @param heardMs time when the brain stored the event, in milliseconds since 1970
     */
    public void wentOffline(ProcessKey process, SubjectKey worker, long atMs, long heardMs) {
        if (!SharedReports.applyTo(worker.engine())) {
            offline.add(process, worker, atMs, heardMs);
        }
    }

    /** Notes that the store did not answer. The time of {@link #ABSENCE} begins anew. */
    public void interrupted() {
        health.interrupt();
    }

    /**
     * Judges the started tasks.
     *
     * @param nowNanos current reading of a monotonic clock
     * @param tasks all started tasks. Those of agents that the view lacks are not judged
     * @param view a look at the store
     * @param upToDate whether the tasks contain all events that were stored until a moment ago. If not, the sweep judges no
     *     task, because an end may be among the missing events
     */
    public Sweep sweep(long nowNanos, Collection<OpenTask> tasks, PresenceView view, boolean upToDate) {
        health.observe(nowNanos, view.cluster());
        watches.observe(nowNanos, tasks, view);
        List<OpenTask> lost = new ArrayList<>();
        List<SubjectKey> found = new ArrayList<>();
        if (!upToDate || !health.isHealthy()) {
            return Sweep.EMPTY;
        }
        for (OpenTask task : tasks) {
            if (lost.size() + found.size() == MOST_CHANGES) {
                break;
            }
            if (task.starts().stream().allMatch(start -> view.of(start.process().agentId()) != null)) {
                LostMark mark = task.mark();
                if (mark == null) {
                    LostMark judged = judge(task, view);
                    if (judged != null) {
                        lost.add(task.marked(judged));
                    }
                } else if (mark.reason() == Reason.WORKER_ABSENT && isBack(task, view)) {
                    found.add(task.key());
                }
            }
        }
        return new Sweep(lost, found);
    }

    private @Nullable LostMark judge(OpenTask task, PresenceView view) {
        boolean all = SharedReports.applyTo(task.key().engine());
        long since = offline.since(task, view);
        if (since > 0) {
            return new LostMark(since, Reason.WORKER_OFFLINE);
        }
        since = all ? shared.replacedSince(task, view) : replacements.since(task, view);
        if (since > 0) {
            return new LostMark(since, Reason.WORKER_REPLACED);
        }
        boolean absent = all ? shared.isAbsent(task, view) : areAbsent(task);
        return absent ? new LostMark(lastPresent(task), Reason.WORKER_ABSENT) : null;
    }

    private boolean areAbsent(OpenTask task) {
        return task.starts().stream().allMatch(start -> watches.isAbsent(start.process(), health));
    }

    private long lastPresent(OpenTask task) {
        return task.starts().stream()
                .filter(start -> watches.isAbsent(start.process(), health))
                .mapToLong(start -> watches.of(start.process()).presentMs())
                .max()
                .orElseThrow();
    }

    /** Whether the processes that were absent are connected again. */
    private boolean isBack(OpenTask task, PresenceView view) {
        if (SharedReports.applyTo(task.key().engine())) {
            return !shared.isAbsent(task, view) && task.starts().stream().allMatch(start -> isPresent(start, view));
        }
        return replacements.since(task, view) == 0
                && task.starts().stream().anyMatch(start -> isPresent(start, view) && !replacements.mayBe(task, view));
    }

    private boolean isPresent(Start start, PresenceView view) {
        List<PresentProcess> sessions = view.of(start.process().agentId());
        return sessions != null && sessions.stream().anyMatch(session -> watches.mayBe(session, start.process()));
    }
}
