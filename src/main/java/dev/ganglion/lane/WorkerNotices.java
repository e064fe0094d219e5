package dev.ganglion.lane;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.bus.LaneMessage.CloseSession;
import dev.ganglion.bus.LaneMessage.OpenSession;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.bus.WorkerChange;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.telemetry.BrainMetrics;

/** Notifies viewers and an agent's other sessions when one of its worker processes connects or disconnects. */
final class WorkerNotices {
    private final LocalBus bus;
    private final NodeBus nodes;
    private final BrainMetrics metrics;

    WorkerNotices(LocalBus bus, NodeBus nodes, BrainMetrics metrics) {
        this.bus = bus;
        this.nodes = nodes;
        this.metrics = metrics;
    }

    /** Ends the session that lost its slot to the opened one. */
    void endDisplaced(SessionRef by, Outcome.Opened opened) {
        String displaced = opened.displacedSession();
        if (displaced == null) {
            return;
        }
        String node = opened.displacedNode();
        if (node == null || node.isEmpty()) {
            bus.send(Addresses.session(displaced), new SessionMessage.End(CloseCode.DISPLACED));
        } else {
            nodes.send(node, new NodeMessage.EndSession(displaced, CloseCode.DISPLACED));
            if (!node.equals(by.nodeId())) {
                metrics.slotMoved();
            }
        }
    }

    /** Notifies the viewers of a project that the sessions of an agent changed. */
    void sessionsChanged(SessionRef session) {
        nodes.changed(session.projectId(), ChangeNotice.Topic.AGENT);
    }

    /** Notifies the agent's other sessions of a new one. A session that takes over a slot changes nothing for them. */
    void joined(OpenSession open, Outcome.Opened opened) {
        if (opened.displacedSession() == null && opened.connections() > 1) {
            broadcast(
                    new WorkerChange(open.session(), true, open.hello().worker().role(), opened.connections()));
        }
    }

    /** Notifies the agent's remaining sessions of the end of one. */
    void left(CloseSession close, Outcome.Closed closed) {
        if (closed.freed() && closed.connections() > 0) {
            broadcast(new WorkerChange(close.session(), false, closed.workerRole(), closed.connections()));
        }
    }

    private void broadcast(WorkerChange change) {
        nodes.broadcast(new NodeMessage.WorkerChanged(change));
    }
}
