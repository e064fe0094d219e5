package dev.ganglion.bus;

import dev.ganglion.protocol.event.EngineWorkerName;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Hello;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message from a connection to its agent's lane. A lane processes the messages of one agent in the order of sending.
 */
public sealed interface LaneMessage
        permits LaneMessage.OpenSession,
                LaneMessage.InboundFrame,
                LaneMessage.CloseSession,
                LaneMessage.DeliverCommands,
                PollMessage {

    /** The session that this message concerns, or null if it concerns none. */
    default @Nullable SessionRef session() {
        return null;
    }

    /**
     * Whether this message must take effect however long the store is unreachable. A lane drops other messages after
     * the pause limit, because their sessions end then. A lost close would leave the session's slot taken.
     */
    default boolean mustTakeEffect() {
        return false;
    }

    /** Passes this message to the method of its kind. */
    <A> void accept(Visitor<A> visitor, A argument);

    /**
     * Handles each kind of message in a method of its own.
     *
     * @param <A> the type of an argument that accompanies the message
     */
    interface Visitor<A> {
        void openSession(OpenSession message, A argument);

        void inboundFrame(InboundFrame message, A argument);

        void closeSession(CloseSession message, A argument);

        void deliverCommands(DeliverCommands message, A argument);

        /** Handles any message of a long-poll request; {@link PollMessage.PollVisitor} distinguishes them. */
        void poll(PollMessage message, A argument);
    }

    /**
     * Claims the slot of a session after its hello.
     *
     * @param session the session to open
     * @param connectionCap maximum number of slots of the agent over all nodes; 0 means no cap
     * @param hello the agent's hello
     * @param remoteAddress the agent's address, if known
     * @param connectedAt time at which the socket was accepted
     * @param heldBack whether the hello was already held back, which happens once at most
     */
    record OpenSession(
            SessionRef session,
            int connectionCap,
            Hello hello,
            String remoteAddress,
            Instant connectedAt,
            boolean heldBack)
            implements LaneMessage {

        /** Creates the first attempt to open a session. */
        public OpenSession(
                SessionRef session, int connectionCap, Hello hello, String remoteAddress, Instant connectedAt) {
            this(session, connectionCap, hello, remoteAddress, connectedAt, false);
        }

        /** Returns the attempt that follows after this one was held back. */
        public OpenSession secondAttempt() {
            return new OpenSession(session, connectionCap, hello, remoteAddress, connectedAt, true);
        }

        @Override
        public <A> void accept(Visitor<A> visitor, A argument) {
            visitor.openSession(this, argument);
        }
    }

    /**
     * A frame that passed the checks of signature, time, seq and nonce.
     *
     * @param session the session that received the frame
     * @param seq the sequence number, 1 to 2^53-1
     * @param frame the frame
     * @param receivedAt time of reading, by {@link System#nanoTime()}
     * @param workers engine workers that the frame names or shows, and that the session did not name before
     */
    record InboundFrame(SessionRef session, long seq, Frame frame, long receivedAt, List<EngineWorkerName> workers)
            implements LaneMessage {
        /** Creates a frame that names no further engine worker. */
        public InboundFrame(SessionRef session, long seq, Frame frame, long receivedAt) {
            this(session, seq, frame, receivedAt, List.of());
        }

        /** Whether the frame names an engine worker that the session did not name before. */
        public boolean namesWorker() {
            for (EngineWorkerName worker : workers) {
                if (!worker.isProcess()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public <A> void accept(Visitor<A> visitor, A argument) {
            visitor.inboundFrame(this, argument);
        }
    }

    /**
     * Releases the slot if this session still holds it.
     *
     * @param session the session that ended
     * @param closeLabel metric label of the close
     */
    record CloseSession(SessionRef session, String closeLabel) implements LaneMessage {
        @Override
        public boolean mustTakeEffect() {
            return true;
        }

        @Override
        public <A> void accept(Visitor<A> visitor, A argument) {
            visitor.closeSession(this, argument);
        }
    }

    /**
     * Asks the lane to deliver the agent's open commands to its connections.
     *
     * @param projectId UUID of the project
     * @param shard the agent's shard
     * @param agentId UUID of the agent
     * @param all true to check all open commands, including those of sessions that have ended; false to check only
     *     commands that are marked as waiting
     */
    record DeliverCommands(String projectId, int shard, String agentId, boolean all) implements LaneMessage {
        /** Asks for all open commands, including those of sessions that have ended. */
        public DeliverCommands(String projectId, int shard, String agentId) {
            this(projectId, shard, agentId, true);
        }

        /** Asks only for the commands that are marked as waiting. */
        public static DeliverCommands waitingOnly(String projectId, int shard, String agentId) {
            return new DeliverCommands(projectId, shard, agentId, false);
        }

        @Override
        public boolean mustTakeEffect() {
            return true;
        }

        @Override
        public <A> void accept(Visitor<A> visitor, A argument) {
            visitor.deliverCommands(this, argument);
        }
    }
}
