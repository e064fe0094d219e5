package dev.ganglion.protocol.event;

import dev.ganglion.protocol.json.CanonicalObject;
import dev.ganglion.protocol.json.CanonicalStringReader;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.protocol.json.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored events one at a time, without building a tree. Call {@link #next} to move to an event, then the
 * accessors to read its fields.
 */
public final class EventReader {
    private static final int ID = 0;
    private static final int ENGINE = 2;
    private static final int TASK_ID = 4;
    private static final int KIND = 6;
    private static final int OCCURRED_AT = 8;
    private static final int DATA = 10;

    private final byte[] bytes;
    private final int[] slices = new int[12];
    private int start;
    private int end;
    private int index = -1;

    /** Creates a reader over the canonical array of an {@link EventArray}. */
    public EventReader(Json array) {
        if (!array.isArray()) {
            throw new IllegalArgumentException("the JSON value is not an array of events");
        }
        this.bytes = array.utf8();
        this.end = 0;
    }

    /** Moves to the next event; returns false after the last one. */
    public boolean next() {
        start = end + 1;
        if (start >= bytes.length || bytes[start] != '{') {
            return false;
        }
        end = CanonicalObject.skipValue(bytes, start);
        index++;
        Arrays.fill(slices, 0);
        CanonicalObject event = new CanonicalObject(bytes, start, end);
        while (event.next()) {
            int field = field(event);
            if (field >= 0) {
                slices[field] = event.valueStart();
                slices[field + 1] = event.valueEnd();
            }
        }
        return true;
    }

    private static int field(CanonicalObject event) {
        if (event.keyIs("id")) {
            return ID;
        } else if (event.keyIs("data")) {
            return DATA;
        } else if (event.keyIs("kind")) {
            return KIND;
        } else if (event.keyIs("engine")) {
            return ENGINE;
        } else if (event.keyIs("task_id")) {
            return TASK_ID;
        }
        return event.keyIs("occurred_at") ? OCCURRED_AT : -1;
    }

    /** The index of the event in the array, starting at 0. */
    public int index() {
        return index;
    }

    /** The event's UUID, in lower case with dashes. */
    public String id() {
        return required(ID, "id");
    }

    /** The engine adapter that reported the event. */
    public String engine() {
        return required(ENGINE, "engine");
    }

    /** The engine's id of the task that the event concerns, or null if the event concerns no task. */
    public @Nullable String taskId() {
        return text(TASK_ID);
    }

    /** The kind of event, as the agent named it. */
    public String kind() {
        return required(KIND, "kind");
    }

    /** The time of the event, as the agent wrote it. */
    public String occurredAt() {
        return required(OCCURRED_AT, "occurred_at");
    }

    /** The time of the event. */
    public Instant occurredInstant() {
        return Timestamp.instant(occurredAt());
    }

    /** The event's {@code data}; an empty object if the event has none. */
    public Json data() {
        return isAbsent(DATA) ? Json.EMPTY_OBJECT : copy(slices[DATA], slices[DATA + 1]);
    }

    /** The whole event as JSON. */
    public Json event() {
        return copy(start, end);
    }

    private String required(int field, String name) {
        String text = text(field);
        if (text == null) {
            throw new IllegalStateException("the stored event has no " + name);
        }
        return text;
    }

    private @Nullable String text(int field) {
        int from = slices[field];
        return from == 0 || bytes[from] != '"' ? null : CanonicalStringReader.decode(bytes, from, slices[field + 1]);
    }

    private boolean isAbsent(int field) {
        return slices[field] == 0 || bytes[slices[field]] == 'n';
    }

    private Json copy(int from, int to) {
        return Json.ofCanonical(Arrays.copyOfRange(bytes, from, to));
    }
}
