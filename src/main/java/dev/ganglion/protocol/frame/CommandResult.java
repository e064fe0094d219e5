package dev.ganglion.protocol.frame;

import dev.ganglion.protocol.json.Json;
import org.jspecify.annotations.Nullable;

/** The outcome of a command, read from either {@code Dialect}. */
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

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.commandResult(this, argument);
    }
}
