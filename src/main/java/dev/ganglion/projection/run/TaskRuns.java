package dev.ganglion.projection.run;

import dev.ganglion.projection.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Derives the last run of a task, and thereby the task's state, from the transitions in its reports.
 *
 * <ul>
 *   <li>A final transition ends the run. A later final transition of the same run replaces its outcome.
 *   <li>A {@code started} after the end begins a new run if one of its processes reported an earlier start of this task,
 *   or if it is more than {@link TaskReports#WINDOW_MICROS} after the end. A {@code received} after the end begins a new
 *   run only if one of its processes received the task before. Any other transition belongs to the ended run.
 *   <li>What an agent answered to a question of the brain ends a run only if no worker reported its end. A worker's report of
 *   an end or a retry in that run takes precedence, whenever it arrives.
 *   <li>The state is the final outcome of the last run; else its latest {@code received}, {@code started} or {@code
 *   retry}; else {@code pending} if the task was sent; else {@code unknown}.
 * </ul>
 *
 * <p>One instance is used again and again for the same task. Not thread-safe.
 */
final class TaskRuns {
    /** The time of a transition that did not happen. */
    static final long NONE = Long.MIN_VALUE;

    private int runs;
    private TaskState state = TaskState.UNKNOWN;
    private long began;
    private long received;
    private long started;
    private long finished;
    private long last = NONE;
    /** First time since the end that the task was received; it belongs to the next run if a start begins one. */
    private long receivedSince;

    private int retries;
    /** Whether only an answer to a question of the brain ended the run. */
    private boolean answered;
    /** Number of the transition with the run's outcome; -1 if the run has none. */
    private int outcome;

    /** Derives the last run. */
    void derive(TaskReports reports) {
        derive(reports, null);
    }

    /** Derives the last run after a report was added to those of the last call. None of those was dropped. */
    void derive(TaskReports reports, int added) {
        if (added > 0 && added == reports.size() - 1 && reports.isFirst(added)) {
            add(reports, added, null); // A new transition after all others changes nothing before it.
        } else {
            derive(reports);
        }
    }

    /** Lists all runs, in order of time. */
    static List<TaskRun> list(TaskReports reports) {
        List<TaskRun> list = new ArrayList<>();
        each(reports, run -> list.add(run.run()));
        return list;
    }

    /** Passes on each run, in order of time. */
    static void each(TaskReports reports, Consumer<TaskRuns> action) {
        TaskRuns runs = new TaskRuns();
        runs.derive(reports, action);
        if (runs.runs > 0) {
            action.accept(runs);
        }
    }

    /** Derives the last run, and passes on each run before it. */
    private void derive(TaskReports reports, @Nullable Consumer<TaskRuns> earlier) {
        runs = 0;
        last = NONE;
        receivedSince = NONE;
        for (int i = 0; i < reports.size(); i++) {
            if (reports.isFirst(i)) {
                add(reports, i, earlier);
            }
        }
    }

    /** Adds the transition that this report begins, and passes on the run before it if it begins a run. */
    private void add(TaskReports reports, int first, @Nullable Consumer<TaskRuns> earlier) {
        if (runs == 0 || (finished != NONE && beginsRun(reports, first))) {
            if (runs > 0 && earlier != null) {
                earlier.accept(this);
            }
            begin(reports.micros(first));
        }
        if (reports.isByBrain(first)) {
            addAnswer(reports, first);
        } else {
            add(reports.state(first), reports.micros(first), reports.transition(first));
        }
        last = reports.micros(first);
    }

    private void begin(long micros) {
        runs++;
        state = TaskState.UNKNOWN;
        began = receivedSince == NONE ? micros : receivedSince;
        received = receivedSince;
        started = NONE;
        finished = NONE;
        receivedSince = NONE;
        retries = 0;
        outcome = -1;
        answered = false;
    }

    /** Whether a transition after the end of a run begins the next run. */
    private boolean beginsRun(TaskReports reports, int first) {
        return switch (reports.state(first)) {
            case STARTED ->
                reports.micros(first) - finished > TaskReports.WINDOW_MICROS || isRepeatedByAProcess(reports, first);
            case RECEIVED -> isRepeatedByAProcess(reports, first);
            default -> false;
        };
    }

    /** Whether one of the transition's processes reported the same state before. */
    private static boolean isRepeatedByAProcess(TaskReports reports, int first) {
        long latest = reports.micros(first) + TaskReports.WINDOW_MICROS;
        for (int i = first; i < reports.size() && reports.micros(i) <= latest; i++) {
            if (reports.transition(i) == reports.transition(first) && isRepeated(reports, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRepeated(TaskReports reports, int report) {
        TaskState state = reports.state(report);
        long process = reports.process(report);
        for (int i = report - 1; i >= 0; i--) {
            if (reports.process(i) == process && reports.state(i) == state) {
                return true;
            }
        }
        return false;
    }

    /** Ends an open run by the answer to a question of the brain. */
    private void addAnswer(TaskReports reports, int first) {
        if (finished == NONE && reports.state(first).isFinal()) {
            add(reports.state(first), reports.micros(first), reports.transition(first));
            answered = true;
        }
    }

    private void add(TaskState reported, long micros, int transition) {
        if (answered && (reported == TaskState.RETRY || reported.isFinal())) {
            finished = NONE;
        }
        answered &= finished != NONE;
        boolean open = finished == NONE;
        switch (reported) {
            case UNKNOWN -> {}
            case PENDING -> state = state == TaskState.UNKNOWN ? reported : state;
            case RECEIVED -> {
                received = received == NONE ? micros : received;
                receivedSince = open || receivedSince != NONE ? receivedSince : micros;
                state = open ? reported : state;
                outcome = open ? -1 : outcome;
            }
            case STARTED -> {
                started = open || started == NONE ? micros : started;
                state = open ? reported : state;
                outcome = open ? -1 : outcome;
            }
            case RETRY -> {
                retries++;
                state = open ? reported : state;
                outcome = open ? transition : outcome;
            }
            default -> {
                state = reported;
                finished = micros;
                outcome = transition;
                receivedSince = NONE;
            }
        }
    }

    private TaskRun run() {
        return new TaskRun(state, began, time(received), time(started), time(finished), retries);
    }

    private static @Nullable Long time(long micros) {
        return micros == NONE ? null : (Long) micros;
    }

    /** Number of runs. */
    int runs() {
        return runs;
    }

    TaskState state() {
        return runs == 0 ? TaskState.UNKNOWN : state;
    }

    /** First time that a worker received the task, in microseconds since 1970; {@link #NONE} if unknown. */
    long received() {
        return runs == 0 ? NONE : received;
    }

    /** Last time that the task started; {@link #NONE} if unknown. */
    long started() {
        return runs == 0 ? NONE : started;
    }

    /** Time when the run ended; {@link #NONE} while it has not. */
    long finished() {
        return runs == 0 ? NONE : finished;
    }

    /** Time of the last transition; {@link #NONE} without reports. */
    long last() {
        return last;
    }

    /** Number of retries that were reported. */
    int retries() {
        return runs == 0 ? 0 : retries;
    }

    /**
     * Number of the transition that gives result, exception and traceback: the end of the run, or the retry that the task
     * waits for; -1 if there is none.
     */
    int outcome() {
        return runs == 0 ? -1 : outcome;
    }
}
