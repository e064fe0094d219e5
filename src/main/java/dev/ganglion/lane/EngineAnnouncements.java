package dev.ganglion.lane;

import dev.ganglion.bus.EngineHealthNote;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.event.EngineWorkerName;
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
 * the brain learns their engines from the other frames. Some engines never name their workers, so the brain learns from
 * events which processes run their tasks.
 */
final class EngineAnnouncements {
    private EngineAnnouncements() {}

    /** Returns the report of a frame that is not a batch; null if the frame contains none. */
    static @Nullable EngineHealthNote ofApplied(InboundFrame inbound) {
        SessionRef session = inbound.session();
        if (inbound.frame() instanceof Heartbeat beat && !beat.adapterHealth().isEmpty()) {
            return new EngineHealthNote(session, beat.adapterHealth(), Set.of(), Set.of());
        }
        return session.longPoll() && inbound.frame() instanceof RegistryDelta delta
                ? engines(session, Set.of(delta.engine()))
                : null;
    }

    /** Returns the report of a stored batch; null if the batch contains none. */
    static @Nullable EngineHealthNote ofStored(InboundFrame inbound) {
        if (inbound.session().longPoll()) {
            return inbound.frame() instanceof EventBatch batch
                    ? engines(
                            inbound.session(),
                            batch.tallies().stream().map(EventTally::engine).collect(Collectors.toUnmodifiableSet()))
                    : null;
        }
        if (inbound.workers().isEmpty()) {
            return null;
        }
        Set<String> workerOf = inbound.workers().stream()
                .filter(EngineWorkerName::isProcess)
                .map(EngineWorkerName::engine)
                .collect(Collectors.toUnmodifiableSet());
        return workerOf.isEmpty() ? null : new EngineHealthNote(inbound.session(), Map.of(), Set.of(), workerOf);
    }

    private static @Nullable EngineHealthNote engines(SessionRef session, Set<String> engines) {
        return engines.isEmpty() ? null : new EngineHealthNote(session, Map.of(), engines, Set.of());
    }
}
