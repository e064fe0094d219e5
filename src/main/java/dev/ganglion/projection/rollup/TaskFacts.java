package dev.ganglion.projection.rollup;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskVisitor;
import dev.ganglion.projection.task.TaskState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the totals count of one task, at one time. It depends on nothing but the task's reports.
 *
 * <ul>
 *   <li>Each transition, runtime and failure counts when it happened.
 *   <li>A task enters its queue when it is sent, or when it is received if nobody reports the sending. It leaves the
 *   queue when it starts, or when it ends or is retried without a start.
 *   <li>A task waits from {@code sent} to {@code received}, and from there to {@code started}.
 * </ul>
 */
final class TaskFacts implements TaskVisitor {
    /** Kind of a fact. */
    enum Type {
        TRANSITION,
        RAN,
        FAILED,
        ENTERED,
        LEFT,
        WAITED
    }

    /**
     * A fact.
     *
     * @param kind kind of the transition; null for other facts
     * @param value runtime or wait in milliseconds, or fingerprint; 0 for other facts
     */
    record Fact(Type type, @Nullable TransitionKind kind, long micros, long value) {}

    private static final long NOT_WAITING = Long.MIN_VALUE;
    private static final long MICROS_PER_MILLI = 1_000;

    private final List<Fact> facts = new ArrayList<>();
    private final Set<Long> forgotten = new HashSet<>(0);
    private final @Nullable String name;
    private final @Nullable String queue;
    private final @Nullable String worker;
    private final @Nullable String agent;
    private final boolean full;

    /** Totals of the task's series and queue, once they are looked up. */
    @Nullable
    TaskTotals tasks;

    @Nullable
    QueueTotals inQueue;

    private long waitingSince = NOT_WAITING;
    private long first = Long.MAX_VALUE;

    private TaskFacts(Task task) {
        this.name = task.name();
        this.queue = task.queue();
        this.worker = task.worker();
        this.agent = task.agentId();
        this.full = task.isFull();
    }

    static TaskFacts of(Task task) {
        TaskFacts facts = new TaskFacts(task);
        task.visit(facts);
        return facts;
    }

    @Nullable
    String name() {
        return name;
    }

    @Nullable
    String queue() {
        return queue;
    }

    @Nullable
    String worker() {
        return worker;
    }

    @Nullable
    String agent() {
        return agent;
    }

    List<Fact> facts() {
        return facts;
    }

    /** Whether the task may have had a fact that is not among these, because it forgot the report. */
    boolean mayHaveForgotten(Fact fact) {
        return (full && fact.micros < first)
                || ((fact.type == Type.RAN || fact.type == Type.FAILED) && forgotten.contains(fact.micros));
    }

    @Override
    public void transition(TaskState state, long micros) {
        TransitionKind kind = TransitionKind.of(state);
        if (kind == null) {
            return;
        }
        first = Math.min(first, micros);
        facts.add(new Fact(Type.TRANSITION, kind, micros, 0));
        switch (kind) {
            case SENT -> enter(micros);
            case RECEIVED -> {
                enter(micros);
                waited(micros);
            }
            case STARTED -> {
                enter(micros);
                waited(micros);
                leave(micros);
            }
            case RETRIED, SUCCEEDED, FAILED, REVOKED, REJECTED -> leave(micros);
        }
    }

    private void enter(long micros) {
        if (waitingSince == NOT_WAITING) {
            waitingSince = micros;
            add(Type.ENTERED, micros, 0);
        }
    }

    private void waited(long micros) {
        if (micros > waitingSince) {
            add(Type.WAITED, micros, (micros - waitingSince) / MICROS_PER_MILLI);
            waitingSince = micros;
        }
    }

    private void leave(long micros) {
        if (waitingSince != NOT_WAITING) {
            waitingSince = NOT_WAITING;
            add(Type.LEFT, micros, 0);
        }
    }

    @Override
    public void ended(long micros, long runtimeMs, long fingerprint) {
        if (runtimeMs >= 0) {
            add(Type.RAN, micros, runtimeMs);
        }
        if (fingerprint != 0) {
            add(Type.FAILED, micros, fingerprint);
        }
    }

    @Override
    public void forgotten(long micros) {
        forgotten.add(micros);
    }

    private void add(Type type, long micros, long value) {
        facts.add(new Fact(type, null, micros, value));
    }
}
