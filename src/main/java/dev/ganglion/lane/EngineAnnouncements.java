package dev.ganglion.lane;

import dev.ganglion.bus.EngineHealthNote;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.event.EventTally;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.RegistryDelta;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Extracts reports about an agent's engines from frames that took effect. Long-poll sessions send no hello frame, so
 * the brain learns their engines from the other frames.
 */
final class EngineAnnouncements {
    private EngineAnnouncements() {}

    /** The report of a frame; null if the frame contains none. */
    static @Nullable EngineHealthNote of(InboundFrame inbound, Outcome outcome) {
        SessionRef session = inbound.session();
        if (outcome instanceof Outcome.Applied
                && inbound.frame() instanceof Heartbeat beat
                && !beat.adapterHealth().isEmpty()) {
            return new EngineHealthNote(session, beat.adapterHealth(), Set.of());
        }
        Set<String> engines = session.longPoll() ? engines(inbound, outcome) : Set.of();
        return engines.isEmpty() ? null : new EngineHealthNote(session, Map.of(), engines);
    }

    private static Set<String> engines(InboundFrame inbound, Outcome outcome) {
        if (outcome instanceof Outcome.Applied && inbound.frame() instanceof RegistryDelta delta) {
            return Set.of(delta.engine());
        } else if (outcome instanceof Outcome.Stored && inbound.frame() instanceof EventBatch batch) {
            return batch.tallies().stream().map(EventTally::engine).collect(Collectors.toUnmodifiableSet());
        }
        return Set.of();
    }
}
