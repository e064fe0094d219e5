package dev.ganglion.bus;

import dev.ganglion.protocol.Frame;
import dev.ganglion.protocol.HmacEncoding;
import java.util.List;

/** What a long-poll request is told over its local address. */
public sealed interface PollAnswer extends SessionMessage {

    /**
     * The session is there.
     *
     * @param sessionId what the store knows it by
     * @param fresh whether this request made it
     * @param evicted the nonces of sessions that ended to make room
     */
    record Opened(String sessionId, boolean fresh, List<String> evicted) implements PollAnswer {}

    /** The session has ended. */
    record Over() implements PollAnswer {}

    /** A newer poll of the session has taken over. */
    record Past() implements PollAnswer {}

    /** So many of the frames, from the first on, are new; the next one is not. */
    record Admitted(int count) implements PollAnswer {}

    /** What was to be kept, or ended, is. */
    record Done() implements PollAnswer {}

    /**
     * Frames for the agent, perhaps none.
     *
     * @param frames commands in the order that they were issued, then acks
     * @param firstSeq the seq that the first of them is to be signed with
     * @param encoding how the agent last signed
     * @param againMillis when something may be handed out that is not yet due; negative for never
     */
    record Frames(List<Frame> frames, long firstSeq, HmacEncoding encoding, long againMillis) implements PollAnswer {}
}
