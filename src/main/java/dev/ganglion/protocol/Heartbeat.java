package dev.ganglion.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sign of life, with whatever the agent reports about its buffer and its adapters. */
public record Heartbeat(
        String id,
        @Nullable Long bufferSize,
        @Nullable String lastFlushAt,
        @Nullable Long droppedEvents,
        Map<String, String> adapterHealth)
        implements Frame {
    @Override
    public FrameType type() {
        return FrameType.HEARTBEAT;
    }
}
