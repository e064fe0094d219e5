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

    final byte[] bytes;
    final TextPool texts;
    final Source source;
    final long entryMs;
    final int entrySequence;
    /** Hash of the reporting process. */
    final long process;

    private final CanonicalObject event;
    private final CanonicalObject data;
    private final Timestamp timestamp = new Timestamp();
    /** Positions of the members of the data of {@link #located}; 0 for an absent member. */
    private final int[] starts = new int[DataField.COUNT];

    private final int[] ends = new int[DataField.COUNT];
    private @Nullable TaskEvent located;
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
        this.event = new CanonicalObject(bytes);
        this.data = new CanonicalObject(bytes);
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
        while (event.next()) {
            if (event.keyIs("id")) {
                next.setId(event.valueStart(), event.valueEnd());
            } else if (event.keyIs("data")) {
                next.setData(event.valueStart());
            } else if (event.keyIs("kind")) {
                next.setKind(EventKinds.listed(bytes, event.valueStart(), event.valueEnd()));
            } else if (event.keyIs("engine")) {
                next.setEngine(event.valueStart());
            } else if (event.keyIs("task_id")) {
                next.setTaskId(event.valueStart());
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

    /** Skips events, so that the next one has this index. */
    public void skipTo(int target) {
        while (index < target && at < bytes.length && bytes[at] == '{') {
            at = CanonicalObject.skipValue(bytes, at) + 1;
            index++;
        }
    }

    /** Position of a member of the event's data; 0 if it is absent. */
    int start(TaskEvent reader, DataField field) {
        locate(reader);
        return starts[field.slot()];
    }

    /** Position after a member of the event's data. */
    int end(TaskEvent reader, DataField field) {
        locate(reader);
        return ends[field.slot()];
    }

    private void locate(TaskEvent reader) {
        if (located == reader) {
            return;
        }
        Arrays.fill(starts, 0);
        located = reader;
        if (reader.dataStart() == 0) {
            return;
        }
        data.enter(reader.dataStart());
        while (data.next()) {
            DataField field = DataField.at(data);
            if (field != null) {
                starts[field.slot()] = data.valueStart();
                ends[field.slot()] = data.valueEnd();
            }
        }
    }
}
