package dev.ganglion.projection.run;

import dev.ganglion.projection.task.TaskState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The reports of one task and the transitions that they describe.
 *
 * <p>Reports are sorted by time, rank of the state, process and event id, so their order does not depend on the order
 * of arrival. A report with a known event id is a duplicate. Of more than {@value #MAX} reports, the latest are kept.
 *
 * <p>Several processes report the same transition, each under its own event id and by its own clock. The n-th report of
 * a state by one process and the n-th by another within {@link #WINDOW_MICROS} are one transition. Two reports of a
 * state by the same process are always two transitions. Therefore a report joins the earliest transition of its state
 * that began at most {@link #WINDOW_MICROS} before it, and that is later than the previous transition of this state by
 * the same process; else it begins a transition. Transitions have numbers from 0, in the order of their first reports.
 *
 * <p>Reports of the brain itself, about what an agent answered to a question, join only each other: a transition is either
 * the brain's or the agents'.
 *
 * <p>Each report takes five words of one array, which keeps a task small. Not thread-safe.
 */
final class TaskReports {
    /** Largest number of reports that a task remembers. */
    static final int MAX = 256;
    /** Longest time between two reports of the same transition, in microseconds. */
    static final long WINDOW_MICROS = 5_000_000;

    /** The process name under which the brain itself reports. No name of a worker process begins with this character. */
    static final String BRAIN = "~brain";

    private static final long BRAIN_HASH = TextHash.of(BRAIN);
    private static final int WORDS = 5;
    private static final int PROCESS = 1;
    private static final int ID = 2;
    private static final int ENTRY_MS = 3;
    private static final int PLACE = 4;
    private static final int USUAL_REPORTS = 3;
    private static final int HASH_SHIFT = 16;
    private static final long LOW_BITS = 0xFFFF;
    private static final long FIRST = 0x8000;
    private static final int TRANSITION_MASK = 0x7FFF;
    private static final int RANK_MASK = 0xF;
    private static final int OTHER_PROCESS = 0x10;
    private static final int OTHER_SHARD = 0x20;
    private static final int SHARD_BITS = 12;
    private static final int SHARD_MASK = (1 << SHARD_BITS) - 1;

    /**
     * For each report: micros; process (48 bits), rank (4), shard (12); event id (48), whether it is the first of its
     * transition (1), transition (15); milliseconds of the stream entry; sequence of the stream entry (32), index in the batch (32).
     */
    private long[] words = new long[USUAL_REPORTS * WORDS];

    private int count;

    int size() {
        return count;
    }

    long micros(int report) {
        return words[report * WORDS];
    }

    long process(int report) {
        return words[report * WORDS + PROCESS] >>> HASH_SHIFT;
    }

    TaskState state(int report) {
        return TaskState.ofRank((int) words[report * WORDS + PROCESS] >>> SHARD_BITS & RANK_MASK);
    }

    int shard(int report) {
        return (int) words[report * WORDS + PROCESS] & SHARD_MASK;
    }

    long id(int report) {
        return words[report * WORDS + ID] >>> HASH_SHIFT;
    }

    /** Number of the transition that the report belongs to. */
    int transition(int report) {
        return (int) words[report * WORDS + ID] & TRANSITION_MASK;
    }

    long entryMs(int report) {
        return words[report * WORDS + ENTRY_MS];
    }

    int entrySequence(int report) {
        return (int) (words[report * WORDS + PLACE] >>> Integer.SIZE);
    }

    int index(int report) {
        return (int) words[report * WORDS + PLACE];
    }

    /** Whether the brain itself made the report. */
    boolean isByBrain(int report) {
        return process(report) == BRAIN_HASH;
    }

    /** The reports of the last start, in order of time. */
    List<StartReport> lastStart() {
        List<StartReport> starts = new ArrayList<>();
        int transition = -1;
        for (int i = count - 1; i >= 0; i--) {
            if (state(i) == TaskState.STARTED && (transition < 0 || transition == transition(i))) {
                transition = transition(i);
                starts.add(0, new StartReport(process(i), micros(i), entryMs(i)));
            }
        }
        return starts;
    }

    /** Whether the report is the first of its transition. */
    boolean isFirst(int report) {
        return (words[report * WORDS + ID] & FIRST) != 0;
    }

    /** Number of transitions of the remembered reports. */
    int transitions() {
        int transitions = 0;
        for (int i = 0; i < count; i++) {
            transitions += isFirst(i) ? 1 : 0;
        }
        return transitions;
    }

    /** Whether the report is later than all others. */
    boolean isLatest(int report) {
        return report == count - 1 && (report == 0 || micros(report) > micros(report - 1));
    }

    /** Position of the report with this event id; -1 if there is none. */
    int find(long id) {
        for (int i = 0; i < count; i++) {
            if (id(i) == id) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Adds a report. If the task has {@value #MAX} reports, the earliest one is dropped, and all others move forward.
     * Returns the position of the new report, or -1 if its id is known or all known reports are later and there is no
     * room.
     */
    int add(TaskEvent event) {
        long process = event.process() << HASH_SHIFT
                | (long) event.state().rank() << SHARD_BITS
                | (event.shard() & SHARD_MASK);
        long id = event.idHash() << HASH_SHIFT;
        int at = count;
        while (at > 0 && isEarlier(event.micros(), process, id, at - 1)) {
            at--;
        }
        if (find(event.idHash()) >= 0 || (at == 0 && count == MAX)) {
            return -1;
        }
        boolean full = count == MAX;
        if (full) {
            at--;
            System.arraycopy(words, WORDS, words, 0, at * WORDS);
        } else {
            reserve(count + 1);
            System.arraycopy(words, at * WORDS, words, (at + 1) * WORDS, (count - at) * WORDS);
            count++;
        }
        long place = (long) event.entrySequence() << Integer.SIZE | event.index();
        set(at, event.micros(), process, id, event.entryMs(), place);
        group(full ? 0 : at);
        return at;
    }

    /** Whether a new report sorts before a known one. */
    private boolean isEarlier(long micros, long process, long id, int known) {
        int at = known * WORDS;
        if (micros != words[at]) {
            return micros < words[at];
        }
        long knownProcess = words[at + PROCESS];
        int rank = (int) process >>> SHARD_BITS & RANK_MASK;
        int knownRank = (int) knownProcess >>> SHARD_BITS & RANK_MASK;
        if (rank != knownRank) {
            return rank < knownRank;
        }
        int order = Long.compare(process >>> HASH_SHIFT, knownProcess >>> HASH_SHIFT);
        return order == 0 ? id >>> HASH_SHIFT < words[at + ID] >>> HASH_SHIFT : order < 0;
    }

    private void set(int report, long micros, long process, long id, long entryMs, long place) {
        int at = report * WORDS;
        words[at] = micros;
        words[at + PROCESS] = process;
        words[at + ID] = id;
        words[at + ENTRY_MS] = entryMs;
        words[at + PLACE] = place;
    }

    private void reserve(int reports) {
        if (reports * WORDS > words.length) {
            words = Arrays.copyOf(words, Math.max(reports, Math.min(MAX, count * 3 / 2)) * WORDS);
        }
    }

    /** Assigns reports to transitions, from this one on. Reports before it keep theirs, since later ones never matter. */
    private void group(int from) {
        int transitions = 0;
        for (int i = from - 1; i >= 0; i--) {
            if (isFirst(i)) {
                transitions = transition(i) + 1;
                break;
            }
        }
        for (int i = from; i < count; i++) {
            int joined = joinable(i);
            long group = joined < 0 ? FIRST | transitions++ : transition(joined);
            int at = i * WORDS + ID;
            words[at] = (words[at] & ~LOW_BITS) | group;
        }
    }

    /** The first report of the transition that this report joins; -1 if the report begins a transition. */
    private int joinable(int report) {
        long earliest = micros(report) - WINDOW_MICROS;
        TaskState state = state(report);
        long process = process(report);
        int joined = -1;
        int own = -1;
        for (int i = report - 1; i >= 0 && micros(i) >= earliest; i--) {
            if (state(i) != state || (process(i) == BRAIN_HASH) != (process == BRAIN_HASH)) {
                continue;
            }
            if (own < 0 && process(i) == process) {
                own = transition(i);
            }
            if (isFirst(i)) {
                if (transition(i) <= own) {
                    break;
                }
                joined = i;
            }
        }
        return joined;
    }

    /** Estimates the heap that the reports occupy, in bytes. */
    int bytes() {
        return 40 + words.length * Long.BYTES;
    }

    /** Where the report is stored. */
    ReportPosition position(int report) {
        String entry = entryMs(report) + "-" + Integer.toUnsignedString(entrySequence(report));
        return new ReportPosition(
                shard(report), entry, index(report), state(report), micros(report), transition(report));
    }

    void encode(RecordWriter out, long birthMs) {
        out.number(count);
        long process = 0;
        int shard = 0;
        long micros = birthMs * 1_000;
        long entryMs = birthMs;
        for (int i = 0; i < count; i++) {
            boolean otherProcess = process(i) != process;
            boolean otherShard = shard(i) != shard;
            out.bits(state(i).rank() | (otherProcess ? OTHER_PROCESS : 0) | (otherShard ? OTHER_SHARD : 0));
            out.signed(micros(i) - micros);
            out.hash(id(i));
            if (otherProcess) {
                int known = processBefore(i);
                out.number(known + 1);
                if (known < 0) {
                    out.hash(process(i));
                }
            }
            if (otherShard) {
                out.number(shard(i));
            }
            out.signed(entryMs(i) - entryMs);
            out.number(Integer.toUnsignedLong(entrySequence(i)));
            out.number(index(i));
            process = process(i);
            shard = shard(i);
            micros = micros(i);
            entryMs = entryMs(i);
        }
    }

    /** The first report by the same process before this one; -1 if there is none. */
    private int processBefore(int report) {
        for (int i = 0; i < report; i++) {
            if (process(i) == process(report)) {
                return i;
            }
        }
        return -1;
    }

    static TaskReports decode(RecordReader in, long birthMs) {
        TaskReports reports = new TaskReports();
        int count = in.size();
        reports.reserve(count);
        long process = 0;
        int shard = 0;
        long micros = birthMs * 1_000;
        long entryMs = birthMs;
        for (int i = 0; i < count; i++) {
            int bits = in.bits();
            micros += in.signed();
            long id = in.hash();
            if ((bits & OTHER_PROCESS) != 0) {
                int known = in.size() - 1;
                process = known < 0 ? in.hash() : reports.process(known);
            }
            if ((bits & OTHER_SHARD) != 0) {
                shard = in.size();
            }
            entryMs += in.signed();
            long place = in.number() << Integer.SIZE | in.number();
            long packed = process << HASH_SHIFT | (long) (bits & RANK_MASK) << SHARD_BITS | shard;
            reports.set(i, micros, packed, id << HASH_SHIFT, entryMs, place);
            reports.count++;
        }
        reports.group(0);
        return reports;
    }
}
