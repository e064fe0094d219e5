package dev.ganglion.bus;

import dev.ganglion.protocol.Frame;
import dev.ganglion.protocol.Hello;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a connection hands to the lane of its agent. A lane takes the messages of one agent in the order sent. */
public sealed interface LaneMessage
        permits LaneMessage.OpenSession,
                LaneMessage.InboundFrame,
                LaneMessage.CloseSession,
                LaneMessage.DeliverCommands,
                PollMessage {

    /** The session that this is about, if it is about one. */
    default @Nullable SessionRef session() {
        return null;
    }

    /**
     * Claims the slot of a session that has said hello.
     *
     * @param session the session to open
     * @param connectionCap slots that the agent may hold over all nodes; 0 = no cap
     * @param hello what the agent said of itself
     * @param remoteAddress the agent's address, as far as it is known
     * @param connectedAt when the socket was accepted
     * @param heldBack whether it was held back before, which happens once
     */
    record OpenSession(
            SessionRef session,
            int connectionCap,
            Hello hello,
            String remoteAddress,
            Instant connectedAt,
            boolean heldBack)
            implements LaneMessage {

        /** A first try. */
        public OpenSession(
                SessionRef session, int connectionCap, Hello hello, String remoteAddress, Instant connectedAt) {
            this(session, connectionCap, hello, remoteAddress, connectedAt, false);
        }

        /** The try after this one was held back. */
        public OpenSession afterHold() {
            return new OpenSession(session, connectionCap, hello, remoteAddress, connectedAt, true);
        }
    }

    /**
     * A frame whose signature, time, seq and nonce hold.
     *
     * @param session the session that it came in
     * @param seq its sequence number, 1..2^53-1
     * @param frame the frame
     * @param receivedAt when it was read, by {@link System#nanoTime()}
     */
    record InboundFrame(SessionRef session, long seq, Frame frame, long receivedAt) implements LaneMessage {}

    /**
     * Gives the slot back, if it is still this session's.
     *
     * @param session the session that ended
     * @param closeLabel the metric label of the way it ended
     */
    record CloseSession(SessionRef session, String closeLabel) implements LaneMessage {}

    /**
     * Has the agent's open commands given to its connections.
     *
     * @param projectId UUID of the project
     * @param shard the agent's shard
     * @param agentId UUID of the agent
     * @param all whether to look for commands whose holder is gone; else only at those that are known to wait
     */
    record DeliverCommands(String projectId, int shard, String agentId, boolean all) implements LaneMessage {
        /** All of them, also those whose holder is gone. */
        public DeliverCommands(String projectId, int shard, String agentId) {
            this(projectId, shard, agentId, true);
        }

        /** Those that wait. */
        public static DeliverCommands thatWait(String projectId, int shard, String agentId) {
            return new DeliverCommands(projectId, shard, agentId, false);
        }
    }
}
