package dev.ganglion.bus;

import java.util.function.Consumer;

/** Forwards the messages of other nodes to their receivers on this node. Thread-safe. */
public final class NodeInbox implements Consumer<NodeMessage> {
    private final LocalBus bus;
    private final int lanes;
    private final Runnable leave;

    /**
     * Creates an inbox.
     *
     * @param lanes number of lanes of this node
     * @param leave starts the orderly shutdown of this node; must not block
     */
    public NodeInbox(LocalBus bus, int lanes, Runnable leave) {
        this.bus = bus;
        this.lanes = lanes;
        this.leave = leave;
    }

    @Override
    public void accept(NodeMessage message) {
        if (message instanceof NodeMessage.EndSession end) {
            bus.send(Addresses.session(end.sessionId()), new SessionMessage.End(end.code()));
        } else if (message instanceof NodeMessage.AgentRevoked revoked) {
            bus.publish(Addresses.AGENT_REVOKED, revoked.agentId());
        } else if (message instanceof NodeMessage.WorkerChanged changed) {
            bus.publish(Addresses.WORKER_CHANGED, changed.change());
        } else if (message instanceof NodeMessage.CommandsWaiting waiting) {
            bus.send(Addresses.frames(Addresses.lane(waiting.agent().agentId(), lanes)), waiting.agent());
        } else if (message instanceof NodeMessage.CommandEnded ended) {
            bus.publish(Addresses.COMMAND_FINAL, ended.commandId());
        } else if (message instanceof NodeMessage.Changed changed) {
            changed.changes().forEach(change -> bus.publish(Addresses.CHANGED, change));
        } else if (message instanceof NodeMessage.Pulse pulse) {
            bus.publish(Addresses.PULSE, pulse.pulse());
        } else if (message instanceof NodeMessage.LoginEnded ended) {
            bus.publish(Addresses.LOGIN_ENDED, ended.sessionId());
        } else if (message instanceof NodeMessage.AccessChanged changed) {
            bus.publish(Addresses.ACCESS_CHANGED, changed.subjectId());
        } else if (message instanceof NodeMessage.PollWakeUp wakeUp) {
            bus.publish(Addresses.poll(wakeUp.sessionId()), wakeUp.sessionId());
        } else if (message instanceof NodeMessage.ProjectorReport report) {
            bus.publish(Addresses.PROJECTOR_LOAD, report.load());
        } else if (message instanceof NodeMessage.Leave) {
            leave.run();
        }
    }
}
