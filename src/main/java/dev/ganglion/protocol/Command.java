package dev.ganglion.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An instruction to an agent. It carries the documented words ({@code verb}, {@code args}) and the library's
 * ({@code action}, {@code target}, {@code parameters}), and its frame id is the command's id.
 */
public record Command(
        String id,
        String verb,
        Json args,
        String action,
        Json target,
        Json parameters,
        int timeoutSeconds,
        @Nullable String issuedBy)
        implements Frame {
    @Override
    public FrameType type() {
        return FrameType.COMMAND;
    }
}
