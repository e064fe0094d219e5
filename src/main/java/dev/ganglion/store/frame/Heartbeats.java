package dev.ganglion.store.frame;

import dev.ganglion.protocol.frame.Heartbeat;
import io.vertx.core.json.JsonObject;

/** Encodes the last heartbeat of a worker process for storage. */
final class Heartbeats {
    private Heartbeats() {}

    /** Whether a heartbeat reports nothing to store. */
    static boolean isEmpty(Heartbeat beat) {
        return beat.adapterHealth().isEmpty()
                && beat.bufferSize() == null
                && beat.droppedEvents() == null
                && beat.lastFlushAt() == null;
    }

    static String encode(Heartbeat beat) {
        JsonObject health = new JsonObject();
        beat.adapterHealth().forEach(health::put);
        return new JsonObject()
                .put("buffer_size", beat.bufferSize())
                .put("last_flush_at", beat.lastFlushAt())
                .put("dropped_events", beat.droppedEvents())
                .put("adapter_health", health)
                .encode();
    }
}
