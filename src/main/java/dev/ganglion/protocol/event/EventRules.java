package dev.ganglion.protocol.event;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.json.ByteWords;
import dev.ganglion.protocol.json.CanonicalStringReader;
import dev.ganglion.protocol.json.Tape;
import dev.ganglion.protocol.json.Timestamp;
import dev.ganglion.protocol.json.UuidText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Checks on the tape whether an object is a valid event. One instance is reused for every event of a batch. */
public final class EventRules {
    private static final long ID = word("id");
    private static final long DATA = word("data");
    private static final long KIND = word("kind");
    private static final long ENGINE = word("engine");
    private static final long TASK_ID = word("task_id");
    /** Prefix of the kinds of events about workers. */
    private static final long WORKER = word("worker.");

    private static final int WORKER_LENGTH = "worker.".length();
    /** The key {@code occurred_at} has 11 bytes, so it is compared as two overlapping words. */
    private static final long OCCURRED = word("occurred");

    private static final long URRED_AT = word("urred_at");

    private final Tape tape;
    private final Timestamp timestamp;
    private String field = "";
    private int id;
    private int engine;
    private int taskId;
    private int kind;
    private int occurredAt;
    private int data;
    private boolean canonicalId;
    private boolean engineMissing;

    public EventRules(Tape tape, Timestamp timestamp) {
        this.tape = tape;
        this.timestamp = timestamp;
    }

    private static long word(String key) {
        byte[] bytes = new byte[Long.BYTES];
        byte[] text = key.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, bytes, 0, text.length);
        return ByteWords.load(bytes, 0);
    }

    /**
     * Returns what is wrong with {@link #field}, or null if the event is valid.
     *
     * @param soleEngineKnown whether the session has exactly one engine. An event about a worker may then have an empty
     *     engine, because released agents do not name the engine when their process exits
     */
    public @Nullable String check(int node, boolean soleEngineKnown) {
        find(node);
        field = "id";
        canonicalId = isText(id) && UuidText.isCanonical(tape.bytes, textStart(id), textEnd(id));
        if (!canonicalId && isPresent(id) && !isUuid()) {
            return "must be a UUID";
        }
        field = "engine";
        engineMissing = soleEngineKnown && isText(engine) && isEmpty(engine) && isAboutWorker();
        if (!isText(engine) || (isEmpty(engine) && !engineMissing) || isLonger(engine, ProtocolLimits.MAX_ENGINE)) {
            return "must be a string of 1 to " + ProtocolLimits.MAX_ENGINE + " characters";
        }
        field = "kind";
        if (!isText(kind) || isEmpty(kind)) {
            return "must be a non-empty string";
        }
        field = "task_id";
        if (isPresent(taskId) && (!isText(taskId) || isLonger(taskId, ProtocolLimits.MAX_TASK_ID))) {
            return "must be a string of at most " + ProtocolLimits.MAX_TASK_ID + " characters";
        }
        field = "occurred_at";
        if (!isText(occurredAt) || !isTime()) {
            return "must be an ISO 8601 time with a zone";
        }
        field = "data";
        if (isPresent(data) && !isObject(data)) {
            return "must be an object";
        }
        return null;
    }

    public String field() {
        return field;
    }

    /** Whether the event has an empty engine, which the session's only engine replaces. */
    public boolean engineMissing() {
        return engineMissing;
    }

    /** The position of the engine's name on the tape. */
    public int engine() {
        return engine;
    }

    /** The position of the kind on the tape. */
    public int kind() {
        return kind;
    }

    /** The position of the data on the tape, or 0 if the event has none. */
    public int data() {
        return data;
    }

    private void find(int node) {
        id = 0;
        engine = 0;
        taskId = 0;
        kind = 0;
        occurredAt = 0;
        data = 0;
        int last = node + Tape.HEADER + tape.count(node) * Tape.MEMBER;
        for (int at = node + Tape.HEADER; at < last; at += Tape.MEMBER) {
            int start = textStart(at);
            int length = textEnd(at) - start;
            if (length >= 1 && length <= Long.BYTES) {
                find(ByteWords.load(tape.bytes, start) & ByteWords.lowBytes(length), at + 1);
            } else if (length == "occurred_at".length()
                    && ByteWords.load(tape.bytes, start) == OCCURRED
                    && ByteWords.load(tape.bytes, start + 3) == URRED_AT) {
                occurredAt = at + 1;
            }
        }
    }

    private void find(long key, int value) {
        if (key == DATA) {
            data = value;
        } else if (key == ENGINE) {
            engine = value;
        } else if (key == ID) {
            id = value;
        } else if (key == KIND) {
            kind = value;
        } else if (key == TASK_ID) {
            taskId = value;
        }
    }

    private int textStart(int at) {
        return tape.start(at) + 1;
    }

    private int textEnd(int at) {
        return tape.end(at) - 1;
    }

    private boolean isPresent(int at) {
        return at != 0 && (tape.start(at) < 0 || tape.bytes[tape.start(at)] != 'n');
    }

    private boolean isText(int at) {
        return at != 0 && tape.start(at) >= 0 && tape.bytes[tape.start(at)] == '"';
    }

    private boolean isObject(int at) {
        int start = tape.start(at);
        return start >= 0 ? tape.bytes[start] == '{' : !tape.isArray(~start);
    }

    private boolean isEmpty(int at) {
        return textStart(at) == textEnd(at);
    }

    private boolean isLonger(int at, int most) {
        return textEnd(at) - textStart(at) > most
                && CanonicalStringReader.codePoints(tape.bytes, tape.start(at), tape.end(at)) > most;
    }

    private boolean isAboutWorker() {
        int start = textStart(kind);
        return isText(kind)
                && textEnd(kind) - start > WORKER_LENGTH
                && (ByteWords.load(tape.bytes, start) & ByteWords.lowBytes(WORKER_LENGTH)) == WORKER;
    }

    private boolean isTime() {
        return timestamp.read(tape.bytes, textStart(occurredAt), textEnd(occurredAt)) && timestamp.zoned();
    }

    private boolean isUuid() {
        return isText(id) && UuidText.isUuid(tape.bytes, textStart(id), textEnd(id));
    }

    /** Whether the event has an id in lower case with dashes. */
    public boolean idIsCanonical() {
        return canonicalId;
    }

    /** The event's id in canonical form, or null if the event has none. */
    public @Nullable String givenId() {
        return isPresent(id) ? UuidText.canonical(tape.bytes, textStart(id), textEnd(id)) : null;
    }
}
