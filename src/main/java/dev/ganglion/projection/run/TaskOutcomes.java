package dev.ganglion.projection.run;

import dev.ganglion.projection.task.TaskState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes that reports gave: as many as the derivation may still need, whatever arrives later.
 *
 * <p>Which report ends the last run can change when a delayed report arrives, but it is never more than {@link
 * TaskReports#WINDOW_MICROS} before the latest final report. The same holds for retries. Older retries are therefore
 * dropped, and older ends lose their texts: totals count their runtimes and fingerprints. At most {@value #MAX_EACH} of
 * each are kept. An answer to a question of the brain may be far from the ends that workers report, so answers are counted
 * apart, and none is dropped for its time. What is kept depends only on the set of reports. Outcomes with
 * equal texts share them. Not thread-safe.
 */
final class TaskOutcomes {
    static final int MAX_EACH = 8;

    /** Earlier than any report, with room for subtractions. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private static final Outcome[] EMPTY = {};

    /** In the order of their reports, latest first. */
    private Outcome[] outcomes = EMPTY;

    /** Adds the outcome of a report that is among these reports, and drops the outcomes that are no longer needed. */
    void add(Outcome outcome, TaskReports reports) {
        Outcome[] all = Arrays.copyOf(outcomes, outcomes.length + 1);
        int at = outcomes.length;
        int position = reports.find(outcome.report());
        while (at > 0 && reports.find(all[at - 1].report()) < position) {
            all[at] = all[at - 1];
            at--;
        }
        all[at] = outcome;
        outcomes = all;
        if (all.length > 1) {
            prune(reports);
        }
    }

    /** Drops the outcomes that are no longer needed. */
    void prune(TaskReports reports) {
        Outcome[] kept = new Outcome[outcomes.length];
        int count = 0;
        int ends = 0;
        int retries = 0;
        int answers = 0;
        long lastEnd = NEVER;
        long lastRetry = NEVER;
        for (Outcome outcome : outcomes) {
            int report = reports.find(outcome.report());
            if (report < 0) {
                continue;
            }
            long micros = reports.micros(report);
            int rank;
            boolean late;
            if (reports.isByBrain(report)) {
                rank = answers++;
                late = true;
            } else if (reports.state(report) == TaskState.RETRY) {
                rank = retries++;
                lastRetry = Math.max(lastRetry, micros);
                late = micros >= Math.max(lastEnd, lastRetry) - TaskReports.WINDOW_MICROS;
            } else {
                rank = ends++;
                lastEnd = Math.max(lastEnd, micros);
                late = micros >= lastEnd - TaskReports.WINDOW_MICROS;
            }
            if (rank < MAX_EACH && (late || reports.state(report) != TaskState.RETRY)) {
                Outcome needed = late ? outcome : outcome.withoutTexts();
                int same = equalTexts(needed, kept, count);
                kept[count++] = same < 0 ? needed : needed.withTextsOf(kept[same]);
            }
        }
        outcomes = count == outcomes.length ? kept : Arrays.copyOf(kept, count);
    }

    /** Position of the first of these outcomes whose texts are equal to this one's; -1 if there is none. */
    private static int equalTexts(Outcome outcome, Outcome[] others, int count) {
        for (int i = 0; i < count; i++) {
            if (outcome.hasTextsOf(others[i])) {
                return i;
            }
        }
        return -1;
    }

    /** The outcome of a transition, as its latest report gave it; null if none is kept. */
    @Nullable
    Outcome of(int transition, TaskReports reports) {
        for (int i = 0; transition >= 0 && i < outcomes.length; i++) {
            Outcome outcome = outcomes[i];
            int report = reports.find(outcome.report());
            if (report >= 0 && reports.transition(report) == transition) {
                return outcome;
            }
        }
        return null;
    }

    /** Estimates the heap that the outcomes occupy, in bytes. */
    int bytes() {
        int bytes = outcomes.length == 0 ? 16 : 40 + 4 * outcomes.length;
        for (int i = 0; i < outcomes.length; i++) {
            bytes += outcomes[i].bytes(equalTexts(outcomes[i], outcomes, i) >= 0);
        }
        return bytes;
    }

    void encode(RecordWriter out, TaskReports reports) {
        out.number(outcomes.length);
        for (int i = 0; i < outcomes.length; i++) {
            out.number(reports.find(outcomes[i].report()));
            int same = equalTexts(outcomes[i], outcomes, i);
            outcomes[i].encode(out, same < 0 ? null : outcomes[same], same);
        }
    }

    static TaskOutcomes decode(RecordReader in, TaskReports reports) {
        TaskOutcomes decoded = new TaskOutcomes();
        int count = in.size();
        if (count > 0) {
            decoded.outcomes = new Outcome[count];
            for (int i = 0; i < count; i++) {
                decoded.outcomes[i] = Outcome.decode(in, reports.id(in.size()), decoded.outcomes);
            }
        }
        return decoded;
    }
}
