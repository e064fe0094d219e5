package dev.ganglion.event;

import dev.ganglion.protocol.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the store did with one message of a lane. */
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
     * The slot is claimed.
     *
     * @param epoch order of this claim among all claims of the agent
     * @param displacedSession the session that held the slot, if one did
     * @param displacedNode the node of that session
     * @param connections slots that the agent holds now
     */
    record Opened(
            long epoch,
            @Nullable String displacedSession,
            @Nullable String displacedNode,
            int connections) implements Outcome {}

    /**
     * The agent holds as many slots as it may.
     *
     * @param holderSuspected whether one of the holders sits on a node that may be gone
     */
    record CapReached(boolean holderSuspected) implements Outcome {}

    /**
     * The slot was not claimed: processes that share it displace each other again and again, and this one is to ask once
     * more after a while.
     *
     * @param millis how long it is to wait, at most 4 s: agents wait 10 s for their hello_ack
     */
    record HeldBack(int millis) implements Outcome {}

    /** The agent is no more. */
    record Revoked() implements Outcome {}

    /** The frame took effect and nothing is to be said of it. */
    record Applied() implements Outcome {}

    /**
     * The batch is durable, now or since an earlier time that it was sent.
     *
     * @param received events in the batch
     * @param accepted events of it that were stored
     * @param rejected events of it that broke a rule
     * @param known whether it had been stored before
     */
    record Stored(int received, int accepted, int rejected, boolean known) implements Outcome {}

    /** The slot is another session's, or nobody's. */
    record Fenced(boolean byAnotherSession) implements Outcome {}

    /** The seq is not above the last one that took effect. */
    record Replayed() implements Outcome {}

    /**
     * Commands were claimed for connections of this node.
     *
     * @param deliveries in the order that they were issued
     * @param waitedFor nodes whose sessions should have some of those that wait
     * @param otherNodes nodes that have, or should have, other commands of the agent
     * @param polls polls that may have what waits
     */
    record Claimed(
            List<Delivery> deliveries, List<String> waitedFor, List<String> otherNodes, List<PollOutcome.Waiting> polls)
            implements Outcome {}

    /** One command for one session. */
    record Delivery(String sessionId, Command command) {}

    /**
     * An agent's word on a command was taken.
     *
     * @param commandId the command
     * @param effect what the word did
     * @param ended the command's action, if this ended it
     * @param room whether other commands of the agent wait, and the session has room for them now
     */
    record CommandHeard(
            String commandId, Effect effect, @Nullable String ended, boolean room) implements Outcome {}

    /** What an agent's word on a command did. */
    enum Effect {
        /** The command went on. */
        TOOK_EFFECT,
        /** It had been said before. */
        REPEATED,
        /** The command had timed out. */
        LATE,
        /** The command is unknown, or another agent's. */
        REFUSED
    }

    /**
     * The session's slot is no longer its own.
     *
     * @param freed whether it gave it back now; else another session has it
     * @param workerRole what the worker said it does
     * @param connections slots that the agent still holds
     */
    record Closed(boolean freed, @Nullable String workerRole, int connections) implements Outcome {}
}
