package dev.ganglion.lane;

import dev.ganglion.protocol.frame.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store's outcome of one message of a lane. */
public sealed interface Outcome
        permits Outcome.Opened,
                Outcome.CapReached,
                Outcome.HeldBack,
                Outcome.Revoked,
                Outcome.Applied,
                Outcome.Stored,
                Outcome.Fenced,
                Outcome.Replayed,
                Outcome.Claimed,
                Outcome.CommandHeard,
                Outcome.Closed,
                PollOutcome {

    /**
     * The session holds its slot.
     *
     * @param epoch order of this claim among all claims of the agent
     * @param displacedSession session that held the slot before; null if none did
     * @param displacedNode node of that session
     * @param connections number of slots that the agent holds now
     */
    record Opened(
            long epoch,
            @Nullable String displacedSession,
            @Nullable String displacedNode,
            int connections) implements Outcome {}

    /**
     * The agent holds as many slots as its cap allows.
     *
     * @param holderSuspected whether one of the slots belongs to a node that may be dead
     */
    record CapReached(boolean holderSuspected) implements Outcome {}

    /**
     * The session did not get the slot, because worker processes that share it keep displacing each other. The session
     * has to claim the slot again later.
     *
     * @param millis time to wait in milliseconds, at most 4000: agents wait 10 s for their hello_ack
     */
    record HeldBack(int millis) implements Outcome {}

    /** The agent was deleted. */
    record Revoked() implements Outcome {}

    /** The frame took effect and needs no answer. */
    record Applied() implements Outcome {}

    /**
     * The batch is durable, whether from this attempt or an earlier one.
     *
     * @param received number of events in the batch
     * @param accepted number of events that were stored
     * @param rejected number of events that were rejected
     * @param known whether the batch had been stored before
     */
    record Stored(int received, int accepted, int rejected, boolean known) implements Outcome {}

    /** The session does not hold its slot: another session holds it, or no session does. */
    record Fenced(boolean byAnotherSession) implements Outcome {}

    /** The frame's seq is not above the last one that took effect. */
    record Replayed() implements Outcome {}

    /**
     * The store assigned commands to sessions of this node.
     *
     * @param deliveries the commands, in issue order
     * @param waitedFor other nodes whose sessions should receive some of the pending commands
     * @param otherNodes other nodes that have, or should receive, any of the agent's commands
     * @param polls waiting polls that may receive pending commands
     */
    record Claimed(
            List<Delivery> deliveries, List<String> waitedFor, List<String> otherNodes, List<PollOutcome.Waiting> polls)
            implements Outcome {}

    /** One command for one session. */
    record Delivery(String sessionId, Command command) {}

    /**
     * The store processed an agent's acknowledgement or result of a command.
     *
     * @param commandId id of the command
     * @param effect effect of the frame
     * @param ended action of the command if the frame ended it; null otherwise
     * @param room whether other commands of the agent are pending and the session now has room for them
     */
    record CommandHeard(
            String commandId, Effect effect, @Nullable String ended, boolean room) implements Outcome {}

    /** The effect of an agent's acknowledgement or result. */
    enum Effect {
        /** The command changed its state. */
        TOOK_EFFECT,
        /** The frame repeated an earlier one. */
        REPEATED,
        /** The command had timed out. */
        LATE,
        /** The command is unknown or belongs to another agent. */
        REFUSED
    }

    /**
     * The session no longer holds its slot.
     *
     * @param freed whether the session released the slot now; otherwise another session holds it
     * @param workerRole role that the worker process reported
     * @param connections number of slots that the agent still holds
     */
    record Closed(boolean freed, @Nullable String workerRole, int connections) implements Outcome {}
}
