package dev.ganglion.protocol;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored events back, one at a time and without a tree: call {@link #next} and then ask about the event that it
 * went to.
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

    /** Reads the canonical array of an {@link EventArray}. */
    public EventReader(Json array) {
        if (!array.isArray()) {
            throw new IllegalArgumentException("an array of events is expected");
        }
        this.bytes = array.utf8();
        this.end = 0;
    }

    /** Goes to the next event, if there is one. */
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

    /** The place of the event in the array, from 0. */
    public int index() {
        return index;
    }

    /** The event's UUID, in lower case with dashes. */
    public String id() {
        return required(ID, "id");
    }

    /** The engine adapter that the event comes from. */
    public String engine() {
        return required(ENGINE, "engine");
    }

    /** The engine's name for the task that the event is about, if it is about one. */
    public @Nullable String taskId() {
        return text(TASK_ID);
    }

    /** What happened, as the agent called it. */
    public String kind() {
        return required(KIND, "kind");
    }

    /** When it happened, as the agent wrote it. */
    public String occurredAt() {
        return required(OCCURRED_AT, "occurred_at");
    }

    /** When it happened. */
    public Instant occurredInstant() {
        return Timestamp.instant(occurredAt());
    }

    /** Whatever else the agent says; an empty object if it says nothing. */
    public Json data() {
        return isAbsent(DATA) ? Json.EMPTY_OBJECT : copy(slices[DATA], slices[DATA + 1]);
    }

    /** The whole event. */
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
        return from == 0 || bytes[from] != '"' ? null : CanonicalText.decode(bytes, from, slices[field + 1]);
    }

    private boolean isAbsent(int field) {
        return slices[field] == 0 || bytes[slices[field]] == 'n';
    }

    private Json copy(int from, int to) {
        return Json.ofCanonical(Arrays.copyOfRange(bytes, from, to));
    }
}
