package dev.ganglion.bus;

import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.protocol.CloseCode;
import java.util.Set;

/** What one node tells another. A message may be lost, and may come twice. */
public sealed interface NodeMessage {

    /**
     * A session of that node is to end.
     *
     * @param sessionId the session
     * @param code why
     */
    record EndSession(String sessionId, CloseCode code) implements NodeMessage {}

    /**
     * An agent is no more: its sessions end.
     *
     * @param agentId UUID of the agent
     */
    record AgentRevoked(String agentId) implements NodeMessage {}

    /** A worker of an agent joined or left, which the agent's other connections are told. */
    record WorkerChanged(WorkerChange change) implements NodeMessage {}

    /** An agent has commands that wait, or may have: its lane looks. */
    record CommandsWaiting(DeliverCommands agent) implements NodeMessage {}

    /**
     * A command is final, which those are told who wait for it.
     *
     * @param commandId UUID of the command
     */
    record CommandEnded(String commandId) implements NodeMessage {}

    /**
     * Things are no longer as they were, of which those are told who look at them.
     *
     * @param changes at most {@value ChangeFeed#MAX_CHANGES}
     */
    record Changed(Set<Change> changes) implements NodeMessage {}

    /** What a node has counted. */
    record Pulse(NodePulse pulse) implements NodeMessage {}

    /**
     * A login has ended: what it opened ends.
     *
     * @param sessionId UUID of the login's session
     */
    record LoginEnded(String sessionId) implements NodeMessage {}

    /**
     * There may be something for a poll that waits on that node, or it is over: it looks.
     *
     * @param sessionId the session
     */
    record PollStirred(String sessionId) implements NodeMessage {}

    /** That node is to leave in order. */
    record Leave() implements NodeMessage {}
}
