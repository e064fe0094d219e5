package dev.ganglion.projection.lost;

import dev.ganglion.projection.run.StartReport;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task in the state {@code started}, with the facts that decide whether it is lost. Immutable.
 *
 * @param key engine and id of the task
 * @param worker name of the engine worker that runs the task; null if no event names one
 * @param starts reports of the last start, at least one, in the order of their times
 * @param ranBefore whether an earlier run of the task ended
 * @param mark the mark that the task has; null if the task is not lost
 */
public record OpenTask(
        SubjectKey key,
        @Nullable String worker,
        List<Start> starts,
        boolean ranBefore,
        @Nullable LostMark mark) {
    private static final long MICROS_PER_MILLI = 1_000;

    /** Reads a task of the projection; empty if it is not started, or if no report of its start is known. */
    public static Optional<OpenTask> of(SubjectKey key, Task task) {
        String agentId = task.agentId();
        List<StartReport> reports = task.lastStart();
        if (task.state() != TaskState.STARTED || agentId == null || reports.isEmpty()) {
            return Optional.empty();
        }
        List<Start> starts = reports.stream()
                .map(report -> new Start(
                        new ProcessKey(agentId, report.process()),
                        report.micros() / MICROS_PER_MILLI,
                        report.heardMs()))
                .toList();
        String label = task.lostReason();
        LostMark.Reason reason = label == null ? null : LostMark.Reason.ofLabel(label);
        LostMark mark = reason == null ? null : new LostMark(task.lostSinceMs(), reason);
        return Optional.of(new OpenTask(key, task.worker(), starts, task.runs().size() > 1, mark));
    }

    /** Copies the starts. */
    public OpenTask {
        if (starts.isEmpty()) {
            throw new IllegalArgumentException("a started task has at least one report of its start");
        }
        starts = List.copyOf(starts);
    }

    /**
     * A report of the start.
     *
     * @param process process that reported the start
     * @param atMs time of the start by the clock of the reporting process, in milliseconds since 1970
     * @param heardMs time when the brain stored the report, in milliseconds since 1970
     */
    public record Start(ProcessKey process, long atMs, long heardMs) {}

    /** The report that is the latest by the clocks of the processes. */
    public Start lastStart() {
        return starts.get(starts.size() - 1);
    }

    /** The engine worker that runs the task; null if it is unknown. */
    @Nullable
    SubjectKey workerKey() {
        return worker == null || worker.isEmpty() ? null : new SubjectKey(key.engine(), worker);
    }

    /** Returns this task with another mark, or with none. */
    OpenTask marked(@Nullable LostMark other) {
        return new OpenTask(key, worker, starts, ranBefore, other);
    }
}
