package dev.ganglion.bus;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.Frame;
import org.jspecify.annotations.Nullable;

/** A message to a connection or to a long-poll request, sent to the local address of its session. */
public sealed interface SessionMessage
        permits SessionMessage.Opened,
                SessionMessage.HoldBack,
                SessionMessage.FrameApplied,
                SessionMessage.Deliver,
                SessionMessage.End,
                PollAnswer {

    /**
     * The slot was claimed; the connection may send the hello_ack.
     *
     * @param epoch order of this claim among all claims of the agent, from 1
     */
    record Opened(long epoch) implements SessionMessage {}

    /**
     * Holds the hello back. After the delay, the connection claims the slot a second time; that claim is not held back.
     *
     * @param millis the delay, in ms
     */
    record HoldBack(int millis) implements SessionMessage {}

    /**
     * The frame took effect durably.
     *
     * @param seq the frame's sequence number
     * @param answer reply to the agent, or null if there is none
     */
    record FrameApplied(long seq, @Nullable Frame answer) implements SessionMessage {}

    /**
     * Delivers a command to the agent.
     *
     * @param command the frame
     */
    record Deliver(Command command) implements SessionMessage {}

    /**
     * Ends the session.
     *
     * @param code the reason, and the close code for the agent
     */
    record End(CloseCode code) implements SessionMessage {}
}
