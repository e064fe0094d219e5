package dev.ganglion.bus;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.frame.Frame;
import java.util.List;

/** A reply to a long-poll request, sent to the request's local address. */
public sealed interface PollAnswer extends SessionMessage {

    /**
     * The session is open.
     *
     * @param sessionId the session's id in the store
     * @param fresh whether this request created the session
     * @param evicted nonces of the sessions that the brain closed to make room
     */
    record Opened(String sessionId, boolean fresh, List<String> evicted) implements PollAnswer {}

    /** The session has ended. */
    record SessionEnded() implements PollAnswer {}

    /** A newer poll of the session replaced this one. */
    record PollReplaced() implements PollAnswer {}

    /** The first {@code count} frames of the request are new; the frame after them is not. */
    record Admitted(int count) implements PollAnswer {}

    /** The requested write, or the requested end of the session, is done. */
    record Done() implements PollAnswer {}

    /**
     * Frames for the agent; possibly none.
     *
     * @param frames commands in the order of issue, then acks
     * @param firstSeq seq with which to sign the first frame
     * @param encoding encoding of the agent's last signature
     * @param againMillis time until further frames may become due, in ms; negative if no frame will become due
     */
    record Frames(List<Frame> frames, long firstSeq, HmacEncoding encoding, long againMillis) implements PollAnswer {}
}
