package dev.ganglion.projection.run;

import dev.ganglion.protocol.event.EventKinds;
import dev.ganglion.protocol.json.CanonicalObject;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.protocol.json.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one stored batch in one pass over its bytes. The events are views on these bytes. Not
 * thread-safe.
 */
public final class TaskEvents {
    /**
     * The stream entry that holds the batch.
     *
     * @param shard shard of the project
     * @param entry id of the entry, {@code ms-sequence}
     * @param receivedMs time when the batch was stored, in milliseconds since 1970
     * @param agentId agent that sent the batch
     * @param process process that sent the batch; the agent's id if the process is unknown
     */
    public record Source(int shard, String entry, long receivedMs, String agentId, String process) {}

    private static final long DATA = CanonicalObject.keyWord("data");
    private static final long ENGINE = CanonicalObject.keyWord("engine");
    private static final long ID = CanonicalObject.keyWord("id");
    private static final long KIND = CanonicalObject.keyWord("kind");
    private static final long TASK_ID = CanonicalObject.keyWord("task_id");

    /** Usual number of bytes of a batch for each member that is a {@link DataField}. */
    private static final int BYTES_PER_MEMBER = 64;

    final byte[] bytes;
    final TextPool texts;
    final Source source;
    final long entryMs;
    final int entrySequence;
    final RecordText agent;
    /** Hash of the reporting process. */
    final long process;

    private final CanonicalObject event;
    private final CanonicalObject data;
    private final Timestamp timestamp = new Timestamp();
    /** Start (32 bits) and end (32) of each {@link DataField} of all events that were read, in the order of the bytes. */
    private long[] members;

    private int memberCount;
    private int at = 1;
    private int index;

    /**
     * Reads a batch.
     *
     * @param array the stored events, a canonical JSON array
     */
    public TaskEvents(Json array, Source source, TextPool texts) {
        if (!array.isArray()) {
            throw new IllegalArgumentException("the JSON value is not an array of events");
        }
        this.bytes = array.utf8();
        this.source = source;
        this.texts = texts;
        this.agent = texts.recordText(source.agentId());
        this.event = new CanonicalObject(bytes);
        this.data = new CanonicalObject(bytes);
        this.members = new long[8 + bytes.length / BYTES_PER_MEMBER];
        int dash = source.entry().indexOf('-');
        this.entryMs = Long.parseLong(source.entry(), 0, dash, 10);
        this.entrySequence =
                (int) Long.parseLong(source.entry(), dash + 1, source.entry().length(), 10);
        byte[] name = source.process().getBytes(StandardCharsets.UTF_8);
        this.process = TextHash.of(name, 0, name.length);
    }

    /** Returns the next event; null after the last one. */
    public @Nullable TaskEvent next() {
        if (at >= bytes.length || bytes[at] != '{') {
            return null;
        }
        TaskEvent next = new TaskEvent(this, index++);
        event.enter(at);
        int timeStart = 0;
        int timeEnd = 0;
        while (event.nextKey()) {
            long key = event.keyWord();
            if (key == DATA && bytes[event.valueStart()] == '{') {
                event.skipTo(readData(next, event.valueStart()));
                continue;
            }
            event.skipValue();
            if (key == ID) {
                next.setId(event.valueStart(), event.valueEnd());
            } else if (key == KIND) {
                next.setKind(EventKinds.listed(bytes, event.valueStart(), event.valueEnd()));
            } else if (key == ENGINE) {
                next.setEngine(event.valueStart(), event.valueEnd());
            } else if (key == TASK_ID) {
                next.setTaskId(event.valueStart(), event.valueEnd());
            } else if (event.keyIs("occurred_at")) {
                timeStart = event.valueStart() + 1;
                timeEnd = event.valueEnd() - 1;
            }
        }
        at = event.end() + 1;
        if (timeStart == 0 || !timestamp.read(bytes, timeStart, timeEnd)) {
            throw new IllegalStateException("the stored event " + next.id() + " has no valid time");
        }
        next.setTime(timestamp.seconds(), timestamp.nanos());
        return next;
    }

    /** Notes the members of an event's data. Returns the position after the data. */
    private int readData(TaskEvent reader, int start) {
        int first = memberCount;
        int fields = 0;
        data.enter(start);
        while (data.next()) {
            DataField field = DataField.at(data);
            if (field != null && bytes[data.valueStart()] != 'n') {
                fields |= field.bit();
                if (memberCount == members.length) {
                    members = Arrays.copyOf(members, memberCount * 3 / 2);
                }
                members[memberCount++] = (long) data.valueStart() << Integer.SIZE | data.valueEnd();
            }
        }
        reader.setData(start, fields, first);
        return data.end();
    }

    /** Skips events, so that the next one has this index. */
    public void skipTo(int target) {
        while (index < target && at < bytes.length && bytes[at] == '{') {
            at = CanonicalObject.skipValue(bytes, at) + 1;
            index++;
        }
    }

    /** Start (32 bits) and end (32) of a member that was read. */
    long member(int number) {
        return members[number];
    }
}
