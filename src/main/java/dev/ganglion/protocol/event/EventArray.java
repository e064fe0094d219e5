package dev.ganglion.protocol.event;

import dev.ganglion.protocol.json.Json;
import dev.ganglion.protocol.json.JsonWriter;
import java.util.List;

/**
 * Events in their stored form: a canonical JSON array of objects.
 *
 * <p>In a batch that was read from an agent, every event has an {@code id} in lower case with dashes. The reader
 * generates a missing id and normalises any other form. All other bytes of an event are the bytes that the agent
 * signed.
 */
public record EventArray(Json array, int size) {
    /** An array without events. */
    public static final EventArray EMPTY = new EventArray(Json.EMPTY_ARRAY, 0);

    /** Combines events into an array for a batch. */
    public static EventArray of(List<Json> events) {
        JsonWriter writer = new JsonWriter().open('[');
        for (Json event : events) {
            if (!event.isObject()) {
                throw new IllegalArgumentException("an event must be a JSON object");
            }
            writer.json(event);
        }
        return new EventArray(Json.ofCanonical(writer.close(']').bytes()), events.size());
    }

    /** Returns a reader that iterates over the events. */
    public EventReader reader() {
        return new EventReader(array);
    }
}
