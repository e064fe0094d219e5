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

    /** The members of an event's data that give each fact, as a set of {@link DataField#bit}s. */
    private static final int[] FIELDS = fields();

    /** Texts; the priority as an {@code Integer} or a text; arguments in UTF-8. */
    private final @Nullable Object[] values = new @Nullable Object[COUNT];

    private final short[] sources = new short[COUNT];

    private static int[] fields() {
        int[] fields = new int[COUNT];
        fields[NAME] = DataField.TASK_NAME.bit() | DataField.NAME.bit();
        fields[QUEUE] = DataField.QUEUE.bit();
        fields[WORKER] = DataField.WORKER.bit() | DataField.HOSTNAME.bit() | DataField.WORKER_NAME.bit();
        fields[PARENT] = DataField.PARENT_TASK_ID.bit() | DataField.PARENT_ID.bit();
        fields[ROOT] = DataField.ROOT_TASK_ID.bit() | DataField.ROOT_ID.bit();
        fields[PRIORITY] = DataField.PRIORITY.bit();
        fields[ARGS] = DataField.ARGS.bit();
        fields[KWARGS] = DataField.KWARGS.bit();
        return fields;
    }

    /** Adjusts the positions after a report was added at {@code position}. */
    void moveSources(int position, boolean earliestDropped) {
        for (int fact = 0; fact < COUNT; fact++) {
            int source = sources[fact] - (earliestDropped && sources[fact] >= 0 ? 1 : 0);
            sources[fact] = (short) (source >= position && source >= 0 ? source + 1 : source);
        }
    }

    /** Reads the facts of an event, which is the report at {@code position}. */
    void apply(TaskEvent event, int position, TaskReports reports) {
        boolean latest = reports.isLatest(position);
        for (int fact = 0; fact < COUNT; fact++) {
            if ((event.fields() & FIELDS[fact]) != 0 && (latest || mayReplace(fact, position, reports))) {
                Object value = value(event, fact);
                if (value != null && (latest || replaces(fact, value, position, reports))) {
                    values[fact] = value;
                    sources[fact] = (short) position;
                }
            }
        }
        if ((latest && event.state() != TaskState.PENDING) || replaces(AGENT, event.agent(), position, reports)) {
            values[AGENT] = event.agent();
            sources[AGENT] = (short) position;
        }
    }

    private static @Nullable Object value(TaskEvent event, int fact) {
        return switch (fact) {
            case NAME -> event.nameText();
            case QUEUE -> TaskData.name(event.text(DataField.QUEUE));
            case WORKER -> event.state() == TaskState.PENDING ? null : TaskData.name(event.workerText());
            case PARENT -> TaskData.name(event.text(DataField.PARENT_TASK_ID, DataField.PARENT_ID));
            case ROOT -> TaskData.name(event.text(DataField.ROOT_TASK_ID, DataField.ROOT_ID));
            case PRIORITY -> TaskData.priority(event);
            case ARGS -> TaskData.utf8(event, DataField.ARGS, TaskText.MAX_VALUE);
            case KWARGS -> TaskData.utf8(event, DataField.KWARGS, TaskText.MAX_VALUE);
            default -> null;
        };
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

    private boolean replaces(int fact, Object value, int position, TaskReports reports) {
        Object known = values[fact];
        if (known == null || sources[fact] == DROPPED) {
            return true;
        }
        int order = order(fact, position, reports);
        order = order == 0 ? compare(value, known) : order;
        return order == 0 ? position >= sources[fact] : order > 0;
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
        if (value == null) {
            return null;
        }
        return value instanceof byte[] utf8 ? new String(utf8, StandardCharsets.UTF_8) : value.toString();
    }

    /** The priority, an {@code Integer} or a text; null if unknown. */
    @Nullable
    Object priority() {
        return values[PRIORITY] instanceof RecordText word ? word.toString() : values[PRIORITY];
    }

    /** Estimates the heap that the facts occupy, in bytes. */
    int bytes() {
        int bytes = 128;
        for (Object value : values) {
            if (value instanceof RecordText text) {
                bytes += STRING_HEAP + text.toString().length();
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
        if (value instanceof RecordText text) {
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
                facts.values[fact] = new RecordText(in.text());
            } else if (fact == PRIORITY) {
                int level = in.size() - 1;
                facts.values[fact] = level < 0 ? new RecordText(in.text()) : (Object) level;
            } else {
                facts.values[fact] = in.bytes();
            }
        }
        return facts;
    }
}
