package dev.ganglion.projection.run;

import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskState;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as its reports describe it. Everything but {@link #bornMs} and the mark of a lost task is a function of the set
 * of reports; their order of arrival does not matter.
 *
 * <ul>
 *   <li>{@link TaskReports} joins the reports of several processes to transitions, and {@link TaskRuns} derives the runs
 *   and the state from them.
 *   <li>Runtime, result, exception and traceback come from the latest report of the transition that ended the last run.
 *   An open run shows the exception of the retry that it waits for.
 *   <li>Name, queue, worker, agent, priority, arguments, parent and root come from the latest report that contains them
 *   ({@link TaskFacts}).
 *   <li>The number of retries is the number of retries of the last run, or the highest number in any event, whichever is
 *   higher.
 * </ul>
 *
 * <p>Times are in microseconds since 1970, unless a name ends in {@code Ms}. Not thread-safe.
 */
public final class Task {
    private static final int VERSION = 1;
    private static final int CLAMPED = 1;
    private static final int LOST = 2;
    private static final int RETRIES = 4;
    private static final int HEAP = 160;
    private static final long MICROS_PER_MILLI = 1_000;

    private final TaskReports reports;
    private final TaskFacts facts;
    private final TaskOutcomes outcomes;
    private final TaskRuns runs = new TaskRuns();
    private @Nullable Outcome outcome;
    private long bornMs;
    private int reportedRetries;
    private boolean clamped;
    private long lostSinceMs;
    private @Nullable String lostReason;

    /** Creates a task without reports. */
    public Task() {
        this(new TaskReports(), new TaskFacts(), new TaskOutcomes());
    }

    private Task(TaskReports reports, TaskFacts facts, TaskOutcomes outcomes) {
        this.reports = reports;
        this.facts = facts;
        this.outcomes = outcomes;
    }

    /** Applies an event that reports no failure, or whose failure needs no fingerprint. */
    public boolean apply(TaskEvent event) {
        return apply(event, 0);
    }

    /**
     * Applies an event of this task. Returns false if the event was applied before, or if it is older than all of the
     * many reports that the task remembers.
     *
     * @param fingerprint identifies the failure that the event reports; 0 for none
     */
    public boolean apply(TaskEvent event, long fingerprint) {
        int before = reports.size();
        int position = reports.add(event);
        if (position < 0) {
            return false;
        }
        boolean dropped = reports.size() == before;
        bornMs = before == 0 ? event.receivedMs() : bornMs;
        if (dropped || position < before) {
            facts.moveSources(position, dropped);
        }
        facts.apply(event, position, reports);
        reportedRetries = Math.max(reportedRetries, TaskData.integer(event, DataField.RETRIES));
        clamped |= event.isClamped();
        if (dropped) {
            outcomes.prune(reports);
        }
        if (event.state().isFinal() || event.state() == TaskState.RETRY) {
            outcomes.add(Outcome.of(event, fingerprint), reports);
        }
        TaskState was = runs.state();
        int ran = runs.runs();
        long last = runs.last();
        if (dropped) {
            runs.derive(reports);
        } else {
            runs.derive(reports, position);
        }
        outcome = outcomes.of(runs.outcome(), reports);
        if (lostReason != null && (was != runs.state() || ran != runs.runs() || last != runs.last())) {
            lostReason = null; // the task made progress
        }
        return true;
    }

    /** Marks the task as lost. The next report of progress removes the mark. */
    public void markLost(long sinceMs, String reason) {
        lostSinceMs = sinceMs;
        lostReason = reason;
    }

    /** Removes the mark of a lost task. */
    public void unmarkLost() {
        lostReason = null;
    }

    /** Decodes a stored task. */
    public static Task decode(byte[] record) {
        RecordReader in = new RecordReader(record);
        int version = in.bits();
        if (version != VERSION) {
            throw new IllegalArgumentException("the task's record has the unknown version " + version);
        }
        int bits = in.bits();
        long bornMs = in.number();
        TaskReports reports = TaskReports.decode(in, bornMs);
        Task task = new Task(reports, TaskFacts.decode(in), TaskOutcomes.decode(in, reports));
        task.bornMs = bornMs;
        task.clamped = (bits & CLAMPED) != 0;
        task.reportedRetries = (bits & RETRIES) == 0 ? 0 : in.size();
        task.runs.derive(reports);
        task.outcome = task.outcomes.of(task.runs.outcome(), reports);
        if ((bits & LOST) != 0) {
            task.markLost(in.number(), in.text());
        }
        return task;
    }

    /** Encodes the task for the store. */
    public byte[] encode() {
        RecordWriter out = new RecordWriter();
        encode(out);
        return out.toBytes();
    }

    /** Encodes the task for the store, behind what was written before. */
    public void encode(RecordWriter out) {
        out.bits(VERSION);
        out.bits((clamped ? CLAMPED : 0) | (isLost() ? LOST : 0) | (reportedRetries > 0 ? RETRIES : 0));
        out.number(bornMs);
        reports.encode(out, bornMs);
        facts.encode(out);
        outcomes.encode(out, reports);
        if (reportedRetries > 0) {
            out.number(reportedRetries);
        }
        if (lostReason != null) {
            out.number(lostSinceMs);
            out.text(lostReason);
        }
    }

    /** Estimates the heap that the task occupies, in bytes. */
    public int bytes() {
        return HEAP + reports.bytes() + facts.bytes() + outcomes.bytes();
    }

    /** The current state. */
    public TaskState state() {
        return runs.state();
    }

    /** Time when the brain stored the first report that it projected, in milliseconds since 1970. */
    public long bornMs() {
        return bornMs;
    }

    /** First time that a worker received the task in its last run; null if unknown. */
    public @Nullable Long receivedMicros() {
        return known(runs.received());
    }

    /** Last time that the last run started; null if unknown. */
    public @Nullable Long startedMicros() {
        return known(runs.started());
    }

    /** Time when the last run ended; null while it has not. */
    public @Nullable Long finishedMicros() {
        return known(runs.finished());
    }

    /** Time of the last transition; null without reports. */
    public @Nullable Long lastMicros() {
        return known(runs.last());
    }

    private static @Nullable Long known(long micros) {
        return micros == TaskRuns.NONE ? null : (Long) micros;
    }

    /** Time when the last run ended, in milliseconds since 1970; 0 while it has not. */
    public long finishedMs() {
        long finished = runs.finished();
        return finished == TaskRuns.NONE ? 0 : finished / MICROS_PER_MILLI;
    }

    /** How long the last run took, in milliseconds; -1 while it has not ended, or if unknown. */
    public long runtimeMs() {
        return runtimeMs(outcome, runs);
    }

    private static long runtimeMs(@Nullable Outcome outcome, TaskRuns run) {
        if (outcome != null && outcome.runtimeMs() >= 0) {
            return outcome.runtimeMs();
        }
        if (run.finished() == TaskRuns.NONE || run.started() == TaskRuns.NONE) {
            return TaskData.NO_RUNTIME;
        }
        long ran = run.finished() - run.started();
        return ran < 0 ? TaskData.NO_RUNTIME : ran / MICROS_PER_MILLI;
    }

    /** Identifies the failure that ended the last run; 0 if it did not fail. */
    public long fingerprint() {
        return outcome == null ? 0 : outcome.fingerprint();
    }

    /** The task's name; null if no report contains it. */
    public @Nullable String name() {
        return facts.text(TaskFacts.NAME);
    }

    /** The queue that the task was sent to; null if unknown. */
    public @Nullable String queue() {
        return facts.text(TaskFacts.QUEUE);
    }

    /** The engine worker that runs the task; null if unknown. */
    public @Nullable String worker() {
        return facts.text(TaskFacts.WORKER);
    }

    /** The agent that reported the task last; null without reports. */
    public @Nullable String agentId() {
        return facts.text(TaskFacts.AGENT);
    }

    /** The priority, an {@code Integer} from 0 to 255 or a text; null if unknown. */
    public @Nullable Object priority() {
        return facts.priority();
    }

    /** The id of the task that sent this one; null if unknown. */
    public @Nullable String parentId() {
        return facts.text(TaskFacts.PARENT);
    }

    /** The id of the first task of the canvas; null if unknown. */
    public @Nullable String rootId() {
        return facts.text(TaskFacts.ROOT);
    }

    /** The positional arguments as text; null if unknown. */
    public @Nullable String args() {
        return facts.text(TaskFacts.ARGS);
    }

    /** The keyword arguments as text; null if unknown. */
    public @Nullable String kwargs() {
        return facts.text(TaskFacts.KWARGS);
    }

    /** The result of the last run; null if it did not succeed. */
    public @Nullable String result() {
        return outcome == null ? null : outcome.result();
    }

    /** Why the last run failed, was revoked, was rejected or is retried; null otherwise. */
    public @Nullable String exception() {
        return outcome == null ? null : outcome.exception();
    }

    /** The traceback of the exception; null if there is none. */
    public @Nullable String traceback() {
        return outcome == null ? null : outcome.traceback();
    }

    /** Number of retries. */
    public int retries() {
        return Math.max(reportedRetries, runs.retries());
    }

    /** Whether an agent reported a time outside the limits of {@link TaskEvent#micros}. */
    public boolean isClamped() {
        return clamped;
    }

    /** Whether the task was sent, and no worker reported it. */
    public boolean isOnlySent() {
        return runs.state() == TaskState.PENDING;
    }

    /** Whether the task is marked as lost. */
    public boolean isLost() {
        return lostReason != null;
    }

    /** Since when the task is lost, in milliseconds since 1970; 0 if it is not. */
    public long lostSinceMs() {
        return lostReason == null ? 0 : lostSinceMs;
    }

    /** Why the task counts as lost; null if it does not. */
    public @Nullable String lostReason() {
        return lostReason;
    }

    /** The reports of the last start, in order of time; empty if no report of a start is known. */
    public List<StartReport> lastStart() {
        return reports.lastStart();
    }

    /** Number of transitions that the remembered reports describe. */
    public int transitions() {
        return reports.transitions();
    }

    /** Whether the task remembers as many reports as it can, so that a new one replaces the earliest. */
    public boolean forgetsReports() {
        return reports.size() == TaskReports.MAX;
    }

    /** The runs of the task, in order of time. */
    public List<TaskRun> runs() {
        return TaskRuns.list(reports);
    }

    /** Shows the transitions and the ended runs that the task remembers, each in order of time. */
    public void visit(TaskVisitor visitor) {
        for (int i = 0; i < reports.size(); i++) {
            if (reports.isFirst(i)) {
                visitor.transition(reports.state(i), reports.micros(i));
            }
        }
        if (runs.runs() > 1) {
            TaskRuns.each(reports, run -> visitEnd(run, visitor));
        } else {
            visitEnd(runs, visitor);
        }
    }

    private void visitEnd(TaskRuns run, TaskVisitor visitor) {
        if (run.finished() == TaskRuns.NONE) {
            return;
        }
        Outcome ended = outcomes.of(run.outcome(), reports);
        if (ended == null) {
            visitor.forgotten(run.finished());
        } else {
            visitor.ended(run.finished(), runtimeMs(ended, run), ended.fingerprint());
        }
    }

    /** Whether the task forgets its earliest report when it gets another one. */
    public boolean isFull() {
        return reports.size() == TaskReports.MAX;
    }

    /** Where the reports are stored, in order of time; at most {@value TaskReports#MAX}. */
    public List<ReportPosition> positions() {
        List<ReportPosition> positions = new ArrayList<>(reports.size());
        for (int i = 0; i < reports.size(); i++) {
            positions.add(reports.position(i));
        }
        return positions;
    }

    /**
     * Where the report is stored that was the first of the same transition as this event; null if the event is the first
     * itself, or is not among the reports that the task remembers.
     */
    public @Nullable ReportPosition firstReport(String eventId) {
        byte[] id = eventId.getBytes(StandardCharsets.UTF_8);
        int report = reports.find(TextHash.of(id, 0, id.length));
        if (report < 0 || reports.isFirst(report)) {
            return null;
        }
        int first = report;
        while (!reports.isFirst(first) || reports.transition(first) != reports.transition(report)) {
            first--;
        }
        return reports.position(first);
    }

    /** The task as REST returns it. */
    public JsonObject view(SubjectKey subject) {
        return TaskView.of(subject, this);
    }
}
