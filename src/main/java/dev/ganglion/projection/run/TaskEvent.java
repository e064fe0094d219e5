package dev.ganglion.projection.run;

import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskState;
import dev.ganglion.projection.task.TaskText;
import dev.ganglion.protocol.event.EventKinds;
import dev.ganglion.protocol.json.ByteWords;
import dev.ganglion.protocol.json.CanonicalObject;
import dev.ganglion.protocol.json.CanonicalStringReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One stored event, as projections read it. It is a view on the bytes of its batch and decodes texts when they are
 * asked for. Not thread-safe.
 */
public final class TaskEvent {
    /**
     * An event further in the future gets the time when it was stored. Otherwise an agent with a wrong clock would
     * override all later events.
     */
    public static final Duration MAX_AHEAD = Duration.ofSeconds(60);
    /** An older event gets this age. */
    public static final Duration MAX_AGE = Duration.ofDays(400);

    private static final long MAX_AHEAD_MICROS = MAX_AHEAD.toMillis() * 1_000;
    private static final long MAX_AGE_MICROS = MAX_AGE.toMillis() * 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final TaskEvents batch;
    private final int index;
    private int idStart;
    private String engine = "";
    private int taskIdStart;
    private int taskIdEnd;
    private int dataStart;
    /** The fields that the data has, as a set of {@link DataField#bit}s, except those that are null. */
    private int fields;

    private int firstMember;
    private String kind = EventKinds.UNKNOWN;
    private TaskState state = TaskState.UNKNOWN;
    private long idHash;
    private long micros;
    private boolean clamped;
    private @Nullable JsonObject parsed;
    private @Nullable FailureText failure;

    TaskEvent(TaskEvents batch, int index) {
        this.batch = batch;
        this.index = index;
    }

    void setId(int start, int end) {
        idStart = start;
        idHash = TextHash.of(batch.bytes, start + 1, end - 1);
    }

    void setData(int start, int present, int first) {
        dataStart = start;
        fields = present;
        firstMember = first;
    }

    void setKind(String kind) {
        this.kind = kind;
        this.state = TaskState.of(kind);
    }

    void setEngine(int start, int end) {
        engine = batch.texts.text(batch.bytes, start, end);
    }

    void setTaskId(int start, int end) {
        // Released agents send "" for no task.
        taskIdStart = batch.bytes[start] == '"' && batch.bytes[start + 1] != '"' ? start : 0;
        taskIdEnd = end;
    }

    void setTime(long seconds, int nanos) {
        long reported = seconds * MICROS_PER_SECOND + nanos / 1_000;
        long received = batch.source.receivedMs() * 1_000;
        micros = reported > received + MAX_AHEAD_MICROS ? received : Math.max(reported, received - MAX_AGE_MICROS);
        clamped = micros != reported;
    }

    /** The event's UUID, in lower case with dashes. */
    public String id() {
        return idStart == 0
                ? ""
                : CanonicalStringReader.decode(batch.bytes, idStart, CanonicalObject.skipValue(batch.bytes, idStart));
    }

    /** Hash of the event's id, of 48 bits. */
    public long idHash() {
        return idHash;
    }

    /** The agent that reported the event. */
    public String agentId() {
        return batch.source.agentId();
    }

    RecordText agent() {
        return batch.agent;
    }

    /** Hash of the process that reported the event, of 48 bits. */
    public long process() {
        return batch.process;
    }

    /** The shard whose stream holds the event. */
    public int shard() {
        return batch.source.shard();
    }

    /** The stream entry that holds the event. */
    public String entry() {
        return batch.source.entry();
    }

    long entryMs() {
        return batch.entryMs;
    }

    int entrySequence() {
        return batch.entrySequence;
    }

    /** Position of the event in its batch, from 0. */
    public int index() {
        return index;
    }

    /** Name of the engine. */
    public String engine() {
        return engine;
    }

    /** The engine's id of the task; null if the event concerns no task. */
    public @Nullable String taskId() {
        return taskIdStart == 0 ? null : CanonicalStringReader.decode(batch.bytes, taskIdStart, taskIdEnd);
    }

    /** Whether the event reports a task. Events about workers, queues and schedules do not, even if they name one. */
    public boolean isAboutTask() {
        return taskIdStart != 0 && (state != TaskState.UNKNOWN || kind.equals(EventKinds.UNKNOWN));
    }

    /** The key of the task. Call it only if {@link #isAboutTask}. */
    public SubjectKey task() {
        String id = taskId();
        if (id == null) {
            throw new IllegalStateException("the event concerns no task");
        }
        return SubjectKey.cut(engine, id);
    }

    /** The {@link TaskTable#hash(SubjectKey)} of the task. */
    int taskHash() {
        int start = taskIdStart + 1;
        int end = taskIdEnd - 1;
        // The key of a longer id is cut, and an escape is not the character itself.
        return end - start > TaskText.MAX_NAME || ByteWords.firstQuoteOrBackslash(batch.bytes, start) < end
                ? TaskTable.hash(task())
                : TaskTable.hash(engine, batch.bytes, start, end);
    }

    /** Whether {@link #task} equals this key. */
    boolean isAbout(SubjectKey key) {
        String id = key.name();
        boolean same = CanonicalStringReader.is(batch.bytes, taskIdStart, taskIdEnd, id) && id.indexOf('\\') < 0;
        return same ? engine.equals(key.engine()) : task().equals(key);
    }

    /** A kind that the protocol lists, or {@code unknown}. */
    public String kind() {
        return kind;
    }

    /** The state that the event reports; {@link TaskState#UNKNOWN} if it reports none. */
    public TaskState state() {
        return state;
    }

    /**
     * Time when the event happened, in microseconds since 1970, as the agent reported it. Limited to at most {@link
     * #MAX_AHEAD} after and {@link #MAX_AGE} before the time when it was stored.
     */
    public long micros() {
        return micros;
    }

    /** Whether the agent reported a time outside these limits. */
    public boolean isClamped() {
        return clamped;
    }

    /** Time when the event was stored, in milliseconds since 1970 by the store's clock. */
    public long receivedMs() {
        return batch.source.receivedMs();
    }

    /**
     * The event's data, parsed at the first call. Data that no JSON library can parse, such as an integer of thousands
     * of digits, reads as an empty object.
     */
    public JsonObject data() {
        JsonObject known = parsed;
        if (known == null) {
            known = parse();
            parsed = known;
        }
        return known;
    }

    private JsonObject parse() {
        if (dataStart == 0) {
            return new JsonObject();
        }
        int end = CanonicalObject.skipValue(batch.bytes, dataStart);
        try {
            return new JsonObject(Buffer.buffer(end - dataStart).setBytes(0, batch.bytes, dataStart, end - dataStart));
        } catch (DecodeException e) {
            return new JsonObject();
        }
    }

    /** The first of these members of the data that is a non-empty text; null if there is none. */
    public @Nullable String text(String... keys) {
        for (String key : keys) {
            String text = text(key);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    private @Nullable String text(String key) {
        if (dataStart != 0) {
            CanonicalObject members = new CanonicalObject(batch.bytes);
            members.enter(dataStart);
            while (members.next()) {
                if (members.keyIs(key)) {
                    return nonEmptyText(members.valueStart(), members.valueEnd());
                }
            }
        }
        return null;
    }

    private @Nullable String nonEmptyText(int start, int end) {
        return isNonEmptyText(start, end) ? batch.texts.text(batch.bytes, start, end) : null;
    }

    private boolean isNonEmptyText(int start, int end) {
        return batch.bytes[start] == '"' && end - start > 2;
    }

    /** The member's text if it is a non-empty text; otherwise null. */
    @Nullable
    RecordText text(DataField field) {
        if (!has(field)) {
            return null;
        }
        int start = start(field);
        int end = end(field);
        return isNonEmptyText(start, end) ? batch.texts.recordText(batch.bytes, start, end) : null;
    }

    /** The first member's text if it is a non-empty text; otherwise the other's. */
    @Nullable
    RecordText text(DataField field, DataField other) {
        RecordText text = text(field);
        return text == null ? text(other) : text;
    }

    /** The fields that the data has, as a set of {@link DataField#bit}s. */
    int fields() {
        return fields;
    }

    /** Whether the data has this member, and it is not null. */
    boolean has(DataField field) {
        return (fields & field.bit()) != 0;
    }

    /** Position of the value of a member that the data has. */
    int start(DataField field) {
        return (int) (batch.member(number(field)) >>> Integer.SIZE);
    }

    /** Position after the value of a member that the data has. */
    int end(DataField field) {
        return (int) batch.member(number(field));
    }

    /** Members are in the order of the fields' bits, because the JSON is canonical. */
    private int number(DataField field) {
        return firstMember + Integer.bitCount(fields & (field.bit() - 1));
    }

    /** The bytes of the batch. */
    byte[] bytes() {
        return batch.bytes;
    }

    /** The name of the engine worker that the event concerns; null if it names none. */
    public @Nullable String worker() {
        return RecordText.string(workerText());
    }

    @Nullable
    RecordText workerText() {
        RecordText worker = text(DataField.WORKER, DataField.HOSTNAME);
        return worker == null ? text(DataField.WORKER_NAME) : worker;
    }

    /**
     * The name of the task, cut to {@link TaskText#MAX_NAME} characters; null if it is missing. Agents that do not know
     * the name send {@code unknown} or {@code <unknown…>}, which counts as missing.
     */
    public @Nullable String name() {
        return RecordText.string(nameText());
    }

    @Nullable
    RecordText nameText() {
        RecordText name = TaskData.knownName(text(DataField.TASK_NAME));
        return name == null ? TaskData.knownName(text(DataField.NAME)) : name;
    }

    /** The name of the task's queue, cut to {@link TaskText#MAX_NAME} characters; null if it is missing. */
    public @Nullable String queue() {
        return RecordText.string(TaskData.name(text(DataField.QUEUE)));
    }

    /** Why the task failed, was revoked, was rejected or is retried, in full length. Decoded at the first call. */
    public FailureText failure() {
        FailureText known = failure;
        if (known == null) {
            known = FailureText.of(
                    TaskData.value(this, DataField.EXCEPTION),
                    TaskData.value(this, DataField.EXCEPTION_MESSAGE),
                    TaskData.value(this, DataField.REASON),
                    TaskData.value(this, DataField.TRACEBACK));
            failure = known;
        }
        return known;
    }
}
