package dev.ganglion.bus;

import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.protocol.error.CloseCode;
import java.util.Set;

/** A message from one node to another. A message may be lost and may arrive twice. */
public sealed interface NodeMessage {

    /**
     * Tells the receiving node to end one of its sessions.
     *
     * @param sessionId id of the session
     * @param code the close code, which gives the reason
     */
    record EndSession(String sessionId, CloseCode code) implements NodeMessage {}

    /**
     * Announces that an agent was revoked. Every node ends its sessions of that agent.
     *
     * @param agentId UUID of the agent
     */
    record AgentRevoked(String agentId) implements NodeMessage {}

    /**
     * Announces that a worker process of an agent connected or disconnected. Nodes inform the agent's other
     * connections.
     */
    record WorkerChanged(WorkerChange change) implements NodeMessage {}

    /** Announces that an agent has, or may have, commands to deliver. The agent's lane then checks the store. */
    record CommandsWaiting(DeliverCommands agent) implements NodeMessage {}

    /**
     * Announces that a command reached a final state. Nodes inform the callers that wait for the command.
     *
     * @param commandId UUID of the command
     */
    record CommandEnded(String commandId) implements NodeMessage {}

    /**
     * Announces changes. Nodes inform the viewers of the changed objects.
     *
     * @param changes at most {@value ChangeNotifier#MAX_CHANGES} changes
     */
    record Changed(Set<ChangeNotice> changes) implements NodeMessage {}

    /** Carries the statistics of a node. */
    record Pulse(NodeStatistics pulse) implements NodeMessage {}

    /**
     * Announces that a login ended. Nodes close everything that this login opened.
     *
     * @param sessionId UUID of the login session
     */
    record LoginEnded(String sessionId) implements NodeMessage {}

    /**
     * Announces that rights changed or ended. Nodes check again everything that is open on behalf of the subject.
     *
     * @param subjectId id of the user, the API key or the project
     */
    record AccessChanged(String subjectId) implements NodeMessage {}

    /**
     * Wakes up the waiting poll of a session on the receiving node. The poll then checks whether there is something to
     * deliver, or whether the session has ended.
     *
     * @param sessionId id of the session
     */
    record PollWakeUp(String sessionId) implements NodeMessage {}

    /** Carries the load of a node's projectors. */
    record ProjectorReport(ProjectorLoad load) implements NodeMessage {}

    /** Tells the receiving node to shut down in an orderly way. */
    record Leave() implements NodeMessage {}
}
