package dev.ganglion.lane;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.Outcome.Effect;
import dev.ganglion.telemetry.Ticker;
import java.util.Set;

/** Notifies viewers, waiting callers and the journal of the effects of command acknowledgements and results. */
final class CommandNotices {
    /**
     * Effects that may have changed the command. A repeated frame may be the lane's own retry after a lost reply. In
     * that case, the first attempt sent no notice of the change.
     */
    private static final Set<Effect> CHANGES = Set.of(Effect.TOOK_EFFECT, Effect.REPEATED);

    private final LocalBus bus;
    private final NodeBus nodes;
    private final Ticker ticker;

    CommandNotices(LocalBus bus, NodeBus nodes, Ticker ticker) {
        this.bus = bus;
        this.nodes = nodes;
        this.ticker = ticker;
    }

    void acknowledged(SessionRef by, Outcome.CommandAcknowledged acknowledged) {
        if (CHANGES.contains(acknowledged.effect())) {
            nodes.changed(by.projectId(), ChangeNotice.Topic.COMMAND);
        } else {
            recordRefusal(by, acknowledged.commandId(), acknowledged.effect());
        }
    }

    void resultReported(SessionRef by, Outcome.ResultReported reported) {
        if (CHANGES.contains(reported.effect())) {
            nodes.changed(by.projectId(), ChangeNotice.Topic.COMMAND);
            nodes.broadcast(new NodeMessage.CommandEnded(reported.commandId()));
        }
        if (reported.effect() != Effect.TOOK_EFFECT) {
            recordRefusal(by, reported.commandId(), reported.effect());
        }
    }

    private void recordRefusal(SessionRef by, String commandId, Effect effect) {
        JournalNote.Fact fact = new JournalNote.CommandRefused(commandId, effect.label());
        bus.send(Addresses.JOURNAL, new JournalNote(by, null, null, fact, ticker.nanos()));
    }
}
