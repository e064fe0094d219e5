package dev.ganglion.protocol;

import org.jspecify.annotations.Nullable;

/**
 * From an agent: the command was received. From the brain: the command's result is stored.
 *
 * @param commandId absent where the frame id is the command's id
 */
public record CommandAck(String id, @Nullable String commandId) implements Frame {
    /** The command that this is about. */
    public String commandIdOrFrameId() {
        return commandId == null ? id : commandId;
    }

    @Override
    public FrameType type() {
        return FrameType.COMMAND_ACK;
    }
}
