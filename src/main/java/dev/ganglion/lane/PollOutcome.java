package dev.ganglion.lane;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.frame.EventBatchAck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store's outcome of one message of a long-poll request. */
public sealed interface PollOutcome extends Outcome {

    @Override
    default <M extends LaneMessage> void accept(Visitor<M> visitor, M message) {
        visitor.poll(message, this);
    }

    /** Passes this outcome to the method of its kind, together with the session of the request. */
    void acceptPoll(PollVisitor visitor, SessionRef session);

    /** Handles each outcome of a long-poll request in a method of its own. */
    interface PollVisitor {
        void pollOpened(SessionRef session, PollOpened outcome);

        void pollSessionGone(SessionRef session, PollSessionGone outcome);

        void pollReplaced(SessionRef session, PollReplaced outcome);

        void admitted(SessionRef session, Admitted outcome);

        void acksKept(SessionRef session, AcksKept outcome);

        void pollClaimed(SessionRef session, PollClaimed outcome);

        void pollEnded(SessionRef session, PollEnded outcome);
    }

    /**
     * A poll that waits for frames, or did so before.
     *
     * @param sessionId the poll's session
     * @param node node that serves the poll's request
     */
    record Waiting(String sessionId, String node) {}

    /**
     * A session that the store ended to make room for another one.
     *
     * @param nonce the agent's name for the session
     * @param poll the session's last poll; null if it had none
     */
    record Evicted(String nonce, @Nullable Waiting poll) {}

    /**
     * The session exists.
     *
     * @param sessionId id of the session
     * @param fresh whether this message created the session
     * @param before poll that this one replaces; null if none
     * @param evicted sessions that ended to make room for this one
     */
    record PollOpened(
            String sessionId, boolean fresh, @Nullable Waiting before, List<Evicted> evicted) implements PollOutcome {
        @Override
        public void acceptPoll(PollVisitor visitor, SessionRef session) {
            visitor.pollOpened(session, this);
        }
    }

    /** The session had ended before this message. */
    record PollSessionGone() implements PollOutcome {
        @Override
        public void acceptPoll(PollVisitor visitor, SessionRef session) {
            visitor.pollSessionGone(session, this);
        }
    }

    /** Another poll of the session replaced this one. */
    record PollReplaced() implements PollOutcome {
        @Override
        public void acceptPoll(PollVisitor visitor, SessionRef session) {
            visitor.pollReplaced(session, this);
        }
    }

    /** The first {@code count} frames of the request are new. */
    record Admitted(int count) implements PollOutcome {
        @Override
        public void acceptPoll(PollVisitor visitor, SessionRef session) {
            visitor.admitted(session, this);
        }
    }

    /**
     * The store holds acknowledgements for the session's next poll. {@code poll} is a waiting poll that has to be woken
     * to fetch them.
     */
    record AcksKept(@Nullable Waiting poll) implements PollOutcome {
        @Override
        public void acceptPoll(PollVisitor visitor, SessionRef session) {
            visitor.acksKept(session, this);
        }
    }

    /**
     * The result of a poll.
     *
     * @param commands commands for this poll and for other sessions of this node
     * @param acks acknowledgements for this poll
     * @param firstSeq seq of the first frame for this poll
     * @param encoding encoding of the agent's last signature
     * @param againMillis milliseconds until commands become due for redelivery; negative if none will
     */
    record PollClaimed(
            Claimed commands, List<EventBatchAck> acks, long firstSeq, HmacEncoding encoding, long againMillis)
            implements PollOutcome {
        @Override
        public void acceptPoll(PollVisitor visitor, SessionRef session) {
            visitor.pollClaimed(session, this);
        }
    }

    /** The session has ended, now or earlier. {@code poll} is the poll that this message interrupted, if any. */
    record PollEnded(@Nullable Waiting poll) implements PollOutcome {
        @Override
        public void acceptPoll(PollVisitor visitor, SessionRef session) {
            visitor.pollEnded(session, this);
        }
    }
}
