package dev.ganglion.agent;

import dev.ganglion.protocol.Json;
import java.util.List;

/** Events that travel in one frame, under the id that the frame keeps however often it is sent. */
record Batch(String id, List<Json> events, int bytes) {
    Batch {
        events = List.copyOf(events);
    }

    int size() {
        return events.size();
    }
}
