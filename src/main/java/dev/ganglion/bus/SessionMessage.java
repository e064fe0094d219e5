package dev.ganglion.bus;

import dev.ganglion.protocol.CloseCode;
import dev.ganglion.protocol.Command;
import dev.ganglion.protocol.Frame;
import org.jspecify.annotations.Nullable;

/** What reaches a connection, or a long-poll request, over the local address of its session. */
public sealed interface SessionMessage
        permits SessionMessage.Opened,
                SessionMessage.HoldBack,
                SessionMessage.Taken,
                SessionMessage.Deliver,
                SessionMessage.End,
                PollAnswer {

    /**
     * The slot is claimed; the agent may have its hello_ack.
     *
     * @param epoch order of this claim among all claims of the agent, from 1
     */
    record Opened(long epoch) implements SessionMessage {}

    /**
     * The slot may be asked for again after a while, and is then given.
     *
     * @param millis how long to wait
     */
    record HoldBack(int millis) implements SessionMessage {}

    /**
     * The frame took effect, durably.
     *
     * @param seq the frame's sequence number
     * @param answer what the agent is to be told, if anything
     */
    record Taken(long seq, @Nullable Frame answer) implements SessionMessage {}

    /**
     * A command for the agent.
     *
     * @param command the frame
     */
    record Deliver(Command command) implements SessionMessage {}

    /**
     * The session is to end.
     *
     * @param code why, and the code that the agent sees
     */
    record End(CloseCode code) implements SessionMessage {}
}
