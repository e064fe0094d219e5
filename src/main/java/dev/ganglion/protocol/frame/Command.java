package dev.ganglion.protocol.frame;

import dev.ganglion.protocol.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * An instruction to an agent; the frame id is the command's id.
 *
 * <p>The frame carries two sets of fields: the documented ones ({@code verb}, {@code args}) and those of the agents'
 * library ({@code action}, {@code target}, {@code parameters}).
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

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.command(this, argument);
    }
}
