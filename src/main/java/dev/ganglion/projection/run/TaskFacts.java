package dev.ganglion.projection.run;

import dev.ganglion.projection.task.TaskState;
import dev.ganglion.projection.task.TaskText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The facts about a task that any report may contain, such as its name. Each fact comes from the latest report that
 * contains it. If two reports have the same time, the greater value wins, so the order of arrival never matters.
 *
 * <p>A fact remembers the position of its report. The sender of a task is not its worker, so the agent of a {@code sent}
 * counts only while no other report is known. Not thread-safe.
 */
final class TaskFacts {
    static final int NAME = 0;
    static final int QUEUE = 1;
    static final int WORKER = 2;
    static final int AGENT = 3;
    static final int PARENT = 4;
    static final int ROOT = 5;
    static final int PRIORITY = 6;
    static final int ARGS = 7;
    static final int KWARGS = 8;

    /** Bytes of heap that an array or a text takes beside its content. */
    static final int ARRAY_HEAP = 24;

    private static final int COUNT = 9;
    private static final int TEXTS = PRIORITY;
    private static final int STRING_HEAP = 48;
    /** The report was dropped, because the task has too many. All known reports are later. */
    private static final short DROPPED = -1;

    /** Texts; the priority as an {@code Integer} or a text; arguments in UTF-8. */
    private final @Nullable Object[] values = new @Nullable Object[COUNT];

    private final short[] sources = new short[COUNT];

    /** Adjusts the positions after a report was added at {@code position}. */
    void moveSources(int position, boolean earliestDropped) {
        for (int fact = 0; fact < COUNT; fact++) {
            int source = sources[fact] - (earliestDropped && sources[fact] >= 0 ? 1 : 0);
            sources[fact] = (short) (source >= position && source >= 0 ? source + 1 : source);
        }
    }

    /** Reads the facts of an event, which is the report at {@code position}. */
    void apply(TaskEvent event, int position, TaskReports reports) {
        if (mayReplace(NAME, position, reports)) {
            put(NAME, event.name(), position, reports);
        }
        if (mayReplace(QUEUE, position, reports)) {
            put(QUEUE, event.queue(), position, reports);
        }
        if (event.state() != TaskState.PENDING && mayReplace(WORKER, position, reports)) {
            put(WORKER, TaskText.cut(event.worker(), TaskText.MAX_NAME), position, reports);
        }
        put(AGENT, event.agentId(), position, reports);
        if (mayReplace(PARENT, position, reports)) {
            put(PARENT, id(event, DataField.PARENT_TASK_ID, DataField.PARENT_ID), position, reports);
        }
        if (mayReplace(ROOT, position, reports)) {
            put(ROOT, id(event, DataField.ROOT_TASK_ID, DataField.ROOT_ID), position, reports);
        }
        if (mayReplace(PRIORITY, position, reports)) {
            put(PRIORITY, TaskData.priority(event), position, reports);
        }
        if (mayReplace(ARGS, position, reports)) {
            put(ARGS, TaskData.utf8(event, DataField.ARGS, TaskText.MAX_VALUE), position, reports);
        }
        if (mayReplace(KWARGS, position, reports)) {
            put(KWARGS, TaskData.utf8(event, DataField.KWARGS, TaskText.MAX_VALUE), position, reports);
        }
    }

    private static @Nullable String id(TaskEvent event, DataField first, DataField second) {
        String id = event.text(first);
        return TaskText.cut(id == null ? event.text(second) : id, TaskText.MAX_NAME);
    }

    private boolean mayReplace(int fact, int position, TaskReports reports) {
        return values[fact] == null || sources[fact] == DROPPED || order(fact, position, reports) >= 0;
    }

    /** Compares the report at this position with the report that gave the fact; positive if it comes later. */
    private int order(int fact, int position, TaskReports reports) {
        int source = sources[fact];
        if (fact == AGENT) {
            boolean sent = reports.state(position) == TaskState.PENDING;
            if (sent != (reports.state(source) == TaskState.PENDING)) {
                return sent ? -1 : 1;
            }
        }
        return Long.compare(reports.micros(position), reports.micros(source));
    }

    private void put(int fact, @Nullable Object value, int position, TaskReports reports) {
        if (value == null) {
            return;
        }
        Object known = values[fact];
        if (known != null && sources[fact] != DROPPED) {
            int order = order(fact, position, reports);
            order = order == 0 ? compare(value, known) : order;
            if (order == 0 ? position < sources[fact] : order < 0) {
                return;
            }
        }
        values[fact] = value;
        sources[fact] = (short) position;
    }

    private static int compare(Object value, Object known) {
        return value instanceof byte[] bytes && known instanceof byte[] others
                ? Arrays.compareUnsigned(bytes, others)
                : value.toString().compareTo(known.toString());
    }

    /** A fact that is a text; null if unknown. */
    @Nullable
    String text(int fact) {
        Object value = values[fact];
        return value instanceof byte[] utf8 ? new String(utf8, StandardCharsets.UTF_8) : (String) value;
    }

    /** The priority, an {@code Integer} or a text; null if unknown. */
    @Nullable
    Object priority() {
        return values[PRIORITY];
    }

    /** Estimates the heap that the facts occupy, in bytes. */
    int bytes() {
        int bytes = 128;
        for (Object value : values) {
            if (value instanceof String text) {
                bytes += STRING_HEAP + text.length();
            } else if (value instanceof byte[] utf8) {
                bytes += ARRAY_HEAP + utf8.length;
            }
        }
        return bytes;
    }

    void encode(RecordWriter out) {
        int known = 0;
        for (int fact = 0; fact < COUNT; fact++) {
            known |= values[fact] == null ? 0 : 1 << fact;
        }
        out.number(known);
        for (int fact = 0; fact < COUNT; fact++) {
            Object value = values[fact];
            if (value != null) {
                out.number(sources[fact] + 1L);
                encode(out, fact, value);
            }
        }
    }

    private static void encode(RecordWriter out, int fact, Object value) {
        if (value instanceof byte[] utf8) {
            out.bytes(utf8);
            return;
        }
        if (fact == PRIORITY) {
            out.number(value instanceof Integer level ? level + 1L : 0);
        }
        if (value instanceof String text) {
            out.text(text);
        }
    }

    static TaskFacts decode(RecordReader in) {
        TaskFacts facts = new TaskFacts();
        int known = in.size();
        for (int fact = 0; fact < COUNT; fact++) {
            if ((known & (1 << fact)) == 0) {
                continue;
            }
            facts.sources[fact] = (short) (in.size() - 1);
            if (fact < TEXTS) {
                facts.values[fact] = in.text();
            } else if (fact == PRIORITY) {
                int level = in.size() - 1;
                facts.values[fact] = level < 0 ? in.text() : (Object) level;
            } else {
                facts.values[fact] = in.bytes();
            }
        }
        return facts;
    }
}
