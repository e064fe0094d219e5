package dev.ganglion.protocol;

import java.util.List;

/**
 * Events as they are stored: a canonical JSON array of objects.
 *
 * <p>Of a batch that was read, each has a lower-case dashed {@code id}, minted or brought into that form where needed;
 * otherwise its bytes are those that the agent signed.
 */
public record EventArray(Json array, int size) {
    /** No events. */
    public static final EventArray EMPTY = new EventArray(Json.EMPTY_ARRAY, 0);

    /** Puts events together for a batch. */
    public static EventArray of(List<Json> events) {
        JsonWriter writer = new JsonWriter().open('[');
        for (Json event : events) {
            if (!event.isObject()) {
                throw new IllegalArgumentException("an event is a JSON object");
            }
            writer.json(event);
        }
        return new EventArray(Json.ofCanonical(writer.close(']').bytes()), events.size());
    }

    /** Reads the events one by one. */
    public EventReader reader() {
        return new EventReader(array);
    }
}
