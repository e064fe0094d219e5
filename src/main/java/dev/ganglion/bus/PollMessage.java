package dev.ganglion.bus;

import dev.ganglion.protocol.CloseCode;
import dev.ganglion.protocol.EventBatchAck;
import dev.ganglion.protocol.HmacEncoding;
import java.util.List;

/**
 * What a long-poll request hands to the lane of its agent. The session itself is the store's, so that the next request
 * may come to any node.
 */
public sealed interface PollMessage extends LaneMessage {
    @Override
    SessionRef session();

    /**
     * Begins a request: finds the session, or makes it. An agent's oldest session ends when it has too many.
     *
     * @param session with the id that it gets if it is new
     * @param remoteAddress the agent's address, as far as it is known
     * @param takesOver whether it is a poll: then the poll of the session that waits is over
     */
    record OpenPoll(SessionRef session, String remoteAddress, boolean takesOver) implements PollMessage {}

    /**
     * Checks seqs and nonces of frames that verified; what is admitted is handed in next.
     *
     * @param marks in the order of the frames
     * @param encoding how the agent signed the last of them
     */
    record AdmitFrames(SessionRef session, List<Mark> marks, HmacEncoding encoding) implements PollMessage {}

    /** What makes a frame of a session new. */
    record Mark(long seq, String nonce) {}

    /** Keeps acks of batches for the session's next poll. */
    record KeepAcks(SessionRef session, List<EventBatchAck> acks) implements PollMessage {}

    /**
     * Claims commands and acks for a poll.
     *
     * @param most frames at the most, from 0
     * @param all whether to look for commands whose holder is gone; else only at those that are known to wait
     */
    record ClaimFrames(SessionRef session, int most, boolean all) implements PollMessage {}

    /** Ends the session. */
    record EndPoll(SessionRef session, CloseCode code) implements PollMessage {}
}
