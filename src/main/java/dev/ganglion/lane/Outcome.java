package dev.ganglion.lane;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.Command;
import java.util.List;
import java.util.Locale;
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
                Outcome.CommandAcknowledged,
                Outcome.ResultReported,
                Outcome.Closed,
                PollOutcome {

    /** Passes this outcome to the method of its kind, together with the message that it belongs to. */
    <M extends LaneMessage> void accept(Visitor<M> visitor, M message);

    /**
     * Handles the outcomes of one kind of message. A visitor overrides the methods of the outcomes that its kind of
     * message can have. Any other outcome is a defect of the store.
     *
     * @param <M> the kind of message
     */
    interface Visitor<M extends LaneMessage> {
        default void opened(M message, Opened outcome) {
            throw unexpected(message, outcome);
        }

        default void capReached(M message, CapReached outcome) {
            throw unexpected(message, outcome);
        }

        default void heldBack(M message, HeldBack outcome) {
            throw unexpected(message, outcome);
        }

        default void revoked(M message, Revoked outcome) {
            throw unexpected(message, outcome);
        }

        default void applied(M message, Applied outcome) {
            throw unexpected(message, outcome);
        }

        default void stored(M message, Stored outcome) {
            throw unexpected(message, outcome);
        }

        default void fenced(M message, Fenced outcome) {
            throw unexpected(message, outcome);
        }

        default void replayed(M message, Replayed outcome) {
            throw unexpected(message, outcome);
        }

        default void claimed(M message, Claimed outcome) {
            throw unexpected(message, outcome);
        }

        default void commandAcknowledged(M message, CommandAcknowledged outcome) {
            throw unexpected(message, outcome);
        }

        default void resultReported(M message, ResultReported outcome) {
            throw unexpected(message, outcome);
        }

        default void closed(M message, Closed outcome) {
            throw unexpected(message, outcome);
        }

        /** Handles an outcome of a long-poll request; {@link PollOutcome.PollVisitor} distinguishes them. */
        default void poll(M message, PollOutcome outcome) {
            throw unexpected(message, outcome);
        }

        private static IllegalStateException unexpected(LaneMessage message, Outcome outcome) {
            return new IllegalStateException("the store returned " + outcome + " for a message of type "
                    + message.getClass().getSimpleName());
        }
    }

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
            int connections) implements Outcome {
        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.opened(message, this);
        }
    }

    /**
     * The agent holds as many slots as its cap allows.
     *
     * @param holderSuspected whether one of the slots belongs to a node that may be dead
     */
    record CapReached(boolean holderSuspected) implements Outcome {
        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.capReached(message, this);
        }
    }

    /**
     * The session did not get the slot, because worker processes that share it keep displacing each other. The session
     * has to claim the slot again later.
     *
     * @param millis time to wait in milliseconds, at most 4000: agents wait 10 s for their hello_ack
     */
    record HeldBack(int millis) implements Outcome {
        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.heldBack(message, this);
        }
    }

    /**
     * The agent does not exist.
     *
     * @param confirmed whether its shard still does; otherwise the store may have lost its data, and the agent has to
     *     try again
     */
    record Revoked(boolean confirmed) implements Outcome {
        /** The code that the session ends with. */
        CloseCode closeCode() {
            return confirmed ? CloseCode.REVOKED : CloseCode.STORE_UNAVAILABLE;
        }

        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.revoked(message, this);
        }
    }

    /** The frame took effect and needs no answer. */
    record Applied() implements Outcome {
        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.applied(message, this);
        }
    }

    /**
     * The batch is durable, whether from this attempt or an earlier one.
     *
     * @param received number of events in the batch
     * @param accepted number of events that were stored
     * @param rejected number of events that were rejected
     * @param known whether the batch had been stored before
     */
    record Stored(int received, int accepted, int rejected, boolean known) implements Outcome {
        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.stored(message, this);
        }
    }

    /**
     * The session does not hold its slot.
     *
     * @param byAnotherSession whether another session holds the slot; otherwise no session does
     */
    record Fenced(boolean byAnotherSession) implements Outcome {
        /** The code that the session ends with. */
        CloseCode closeCode() {
            return byAnotherSession ? CloseCode.DISPLACED : CloseCode.FENCED;
        }

        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.fenced(message, this);
        }
    }

    /** The frame's seq is not above the last one that took effect. */
    record Replayed() implements Outcome {
        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.replayed(message, this);
        }
    }

    /**
     * The store assigned commands to sessions of this node.
     *
     * @param deliveries the commands, in issue order
     * @param waitedFor other nodes whose sessions should receive some of the pending commands
     * @param otherNodes other nodes that hold, or should receive, any of the agent's commands
     * @param polls waiting polls that may receive pending commands
     */
    record Claimed(
            List<Delivery> deliveries, List<String> waitedFor, List<String> otherNodes, List<PollOutcome.Waiting> polls)
            implements Outcome {
        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.claimed(message, this);
        }
    }

    /** One command for one session. */
    record Delivery(String sessionId, Command command) {}

    /**
     * The store processed an agent's acknowledgement of a command.
     *
     * @param commandId id of the command
     * @param effect effect of the frame
     * @param room whether other commands of the agent are pending and the session now has room for them
     */
    record CommandAcknowledged(String commandId, Effect effect, boolean room) implements Outcome {
        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.commandAcknowledged(message, this);
        }
    }

    /**
     * The store processed an agent's result of a command.
     *
     * @param commandId id of the command
     * @param effect effect of the frame
     * @param ended action of the command if the frame ended it; null otherwise
     * @param ok whether the agent reported success
     * @param room whether other commands of the agent are pending and the session now has room for them
     */
    record ResultReported(
            String commandId, Effect effect, @Nullable String ended, boolean ok, boolean room) implements Outcome {
        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.resultReported(message, this);
        }
    }

    /** The effect of an agent's acknowledgement or result. */
    enum Effect {
        /** The command changed its state. */
        TOOK_EFFECT,
        /** The frame repeated an earlier one. */
        REPEATED,
        /** The command had timed out. */
        LATE,
        /** The command is unknown or belongs to another agent. */
        REFUSED;

        /** The name of this effect in metrics and in the journal. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The session no longer holds its slot.
     *
     * @param freed whether the session released the slot now; otherwise another session holds it
     * @param workerRole role that the worker process reported
     * @param connections number of slots that the agent still holds
     */
    record Closed(boolean freed, @Nullable String workerRole, int connections) implements Outcome {
        @Override
        public <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
            visitor.closed(message, this);
        }
    }
}
