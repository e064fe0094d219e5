package dev.ganglion.protocol;

import org.jspecify.annotations.Nullable;

/** How a command ended, read from either shape. */
public record CommandResult(
        String id,
        String commandId,
        boolean ok,
        Json result,
        @Nullable String errorCode,
        @Nullable String errorMessage) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.COMMAND_RESULT;
    }
}
