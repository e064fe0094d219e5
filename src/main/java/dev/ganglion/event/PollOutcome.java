package dev.ganglion.event;

import dev.ganglion.protocol.EventBatchAck;
import dev.ganglion.protocol.HmacEncoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the store did with one message of a long-poll request. */
public sealed interface PollOutcome extends Outcome {

    /**
     * A poll that waits, or has waited.
     *
     * @param sessionId the session
     * @param node where its request is
     */
    record Waiting(String sessionId, String node) {}

    /**
     * A session that ended to make room.
     *
     * @param nonce what the agent calls it
     * @param poll its last poll, if it had one
     */
    record Evicted(String nonce, @Nullable Waiting poll) {}

    /**
     * The session is there.
     *
     * @param sessionId what it is known by
     * @param fresh whether it is new
     * @param before the poll that this one takes over from
     * @param evicted sessions that ended for it
     */
    record PollOpened(
            String sessionId, boolean fresh, @Nullable Waiting before, List<Evicted> evicted) implements PollOutcome {}

    /** The session has ended. */
    record PollOver() implements PollOutcome {}

    /** Another poll of the session took over. */
    record PollPast() implements PollOutcome {}

    /** So many frames, from the first on, are new. */
    record Admitted(int count) implements PollOutcome {}

    /** Acks are kept for the session's next poll; one that waits is to come for them. */
    record AcksKept(@Nullable Waiting poll) implements PollOutcome {}

    /**
     * A poll claimed what there is.
     *
     * @param commands for the connections of this node and for this poll
     * @param acks for this poll
     * @param firstSeq the seq of the first frame for this poll
     * @param encoding how the agent last signed
     * @param againMillis when something is due to be handed out again; negative for never
     */
    record PollClaimed(
            Claimed commands, List<EventBatchAck> acks, long firstSeq, HmacEncoding encoding, long againMillis)
            implements PollOutcome {}

    /** The session is over, by this or before; its poll, if this ended it while there was one. */
    record PollEnded(@Nullable Waiting poll) implements PollOutcome {}
}
