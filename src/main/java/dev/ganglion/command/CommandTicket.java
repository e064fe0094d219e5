package dev.ganglion.command;

import dev.ganglion.protocol.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command with all that is known of it.
 *
 * @param id UUID; also the id of the frame that carries it
 * @param order what it asks for
 * @param state where it stands
 * @param times when it was issued and so on
 */
public record CommandTicket(String id, Order order, CommandState state, Times times) {

    /**
     * What a command asks for.
     *
     * @param agentId the agent that is to do it
     * @param verb what
     * @param args the documented arguments
     * @param wire the same in the library's words
     * @param timeoutSeconds for so long it waits for its outcome, 1..3600
     * @param issuedBy who asked
     * @param dropped arguments that a client may not set, and that were left out
     */
    public record Order(
            String agentId,
            Verb verb,
            Json args,
            LibraryForm wire,
            int timeoutSeconds,
            String issuedBy,
            List<String> dropped) {}

    /**
     * The library's words for a command.
     *
     * @param action what the library calls it
     * @param targetType what it is about
     * @param targetId which of them
     * @param target {@code {"type":…,"id":…,"engine":…}}
     * @param parameters the action's parameters
     * @param workerName the worker that the verb names, if it does
     */
    public record LibraryForm(
            String action,
            String targetType,
            @Nullable String targetId,
            Json target,
            Json parameters,
            @Nullable String workerName) {}

    /** When things happened to a command. */
    public record Times(
            Instant issuedAt,
            Instant timeoutAt,
            @Nullable Instant dispatchedAt,
            @Nullable Instant acknowledgedAt) {}
}
