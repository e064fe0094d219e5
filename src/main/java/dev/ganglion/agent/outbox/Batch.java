package dev.ganglion.agent.outbox;

import dev.ganglion.protocol.json.Json;
import java.util.List;

/** The events of one frame. The id stays the same each time that the batch is sent. */
public record Batch(String id, List<Json> events, int bytes) {
    public Batch {
        events = List.copyOf(events);
    }

    int size() {
        return events.size();
    }
}
