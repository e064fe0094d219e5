package dev.ganglion.protocol.frame;

import org.jspecify.annotations.Nullable;

/**
 * Acknowledges a command. From an agent, the frame means that the agent received the command. From the brain, the frame
 * means that the brain stored the command's result.
 *
 * @param commandId id of the command; null if the frame id is the command's id
 */
public record CommandAck(String id, @Nullable String commandId) implements Frame {
    /** The id of the command that this frame acknowledges. */
    public String commandIdOrFrameId() {
        return commandId == null ? id : commandId;
    }

    @Override
    public FrameType type() {
        return FrameType.COMMAND_ACK;
    }

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.commandAck(this, argument);
    }
}
