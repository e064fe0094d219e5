package dev.ganglion.lane;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.EngineHealthNote;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.ShardRef;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Notifies the projections on this node of stored events and of reports about engines. */
final class ProjectionNotices {
    /** Time during which the batches of a shard share one notice, in milliseconds. */
    private static final long COLLECT_MS = 10;

    private final LocalBus bus;
    private final Timers timers;
    private final Set<ShardRef> pending = new HashSet<>();

    ProjectionNotices(LocalBus bus, Timers timers) {
        this.bus = bus;
        this.timers = timers;
    }

    /** Handles a frame that took effect and is not a batch. */
    void applied(InboundFrame inbound) {
        report(EngineAnnouncements.ofApplied(inbound));
    }

    /** Handles a stored batch. */
    void stored(InboundFrame inbound, Outcome.Stored stored) {
        if (!stored.known() && stored.accepted() > 0) {
            ShardRef shard = new ShardRef(
                    inbound.session().projectId(), inbound.session().shard());
            if (pending.add(shard)) {
                timers.after(COLLECT_MS, () -> {
                    pending.remove(shard);
                    bus.send(Addresses.EVENTS_STORED, shard);
                });
            }
        }
        report(EngineAnnouncements.ofStored(inbound));
    }

    private void report(@Nullable EngineHealthNote note) {
        if (note != null) {
            bus.send(Addresses.HEALTH, note);
        }
    }
}
