package dev.ganglion.protocol.frame;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A periodic sign of life from an agent, with the state of its event buffer and the health of its adapters. */
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

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.heartbeat(this, argument);
    }
}
