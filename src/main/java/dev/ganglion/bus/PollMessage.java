package dev.ganglion.bus;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.EventBatchAck;
import java.util.List;

/**
 * A message from a long-poll request to its agent's lane. The store holds the session itself, so any node can serve the
 * next request.
 */
public sealed interface PollMessage extends LaneMessage {
    @Override
    SessionRef session();

    @Override
    default <A> void accept(Visitor<A> visitor, A argument) {
        visitor.poll(this, argument);
    }

    /** Passes this message to the method of its kind. */
    <A> void acceptPoll(PollVisitor<A> visitor, A argument);

    /**
     * Handles each kind of long-poll message in a method of its own.
     *
     * @param <A> the type of an argument that accompanies the message
     */
    interface PollVisitor<A> {
        void openPoll(OpenPoll message, A argument);

        void admitFrames(AdmitFrames message, A argument);

        void keepAcks(KeepAcks message, A argument);

        void claimFrames(ClaimFrames message, A argument);

        void endPoll(EndPoll message, A argument);
    }

    /**
     * Starts a request: finds the session or creates it. If the agent has too many sessions, its oldest session ends.
     *
     * @param session the session, with the id to use if the session is new
     * @param remoteAddress the agent's address, if known
     * @param takesOver whether the request is a poll; a poll replaces the session's waiting poll
     */
    record OpenPoll(SessionRef session, String remoteAddress, boolean takesOver) implements PollMessage {
        @Override
        public <A> void acceptPoll(PollVisitor<A> visitor, A argument) {
            visitor.openPoll(this, argument);
        }
    }

    /**
     * Checks the seqs and nonces of verified frames. The request then hands in the admitted frames.
     *
     * @param marks seq and nonce of each frame, in the order of the frames
     * @param encoding encoding of the last frame's signature
     */
    record AdmitFrames(SessionRef session, List<Mark> marks, HmacEncoding encoding) implements PollMessage {
        @Override
        public <A> void acceptPoll(PollVisitor<A> visitor, A argument) {
            visitor.admitFrames(this, argument);
        }
    }

    /** The seq and nonce of a frame, which show whether the frame is new. */
    record Mark(long seq, String nonce) {}

    /** Stores acks of batches for the session's next poll. */
    record KeepAcks(SessionRef session, List<EventBatchAck> acks) implements PollMessage {
        @Override
        public <A> void acceptPoll(PollVisitor<A> visitor, A argument) {
            visitor.keepAcks(this, argument);
        }
    }

    /**
     * Claims commands and acks for a poll.
     *
     * @param most maximum number of frames, 0 or more
     * @param all true to check all open commands, including those of sessions that have ended; false to check only
     *     commands that are marked as waiting
     */
    record ClaimFrames(SessionRef session, int most, boolean all) implements PollMessage {
        @Override
        public <A> void acceptPoll(PollVisitor<A> visitor, A argument) {
            visitor.claimFrames(this, argument);
        }
    }

    /** Ends the session. */
    record EndPoll(SessionRef session, CloseCode code) implements PollMessage {
        @Override
        public boolean mustTakeEffect() {
            return true;
        }

        @Override
        public <A> void acceptPoll(PollVisitor<A> visitor, A argument) {
            visitor.endPoll(this, argument);
        }
    }
}
