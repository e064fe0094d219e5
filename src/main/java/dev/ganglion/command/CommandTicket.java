package dev.ganglion.command;

import dev.ganglion.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command with its order, state and times. Immutable.
 *
 * @param id UUID, which is also the id of the frame that carries the command
 * @param order the operator's order
 * @param state current state
 * @param times times of the command's steps
 */
public record CommandTicket(String id, Order order, CommandState state, Times times) {

    /**
     * An operator's order to an agent.
     *
     * @param agentId id of the agent that runs the command
     * @param verb the verb
     * @param args arguments in the documented form
     * @param wire the same command in the form that released agents understand
     * @param timeoutSeconds time within which the result has to arrive, 1 s to 3600 s
     * @param issuedBy the user or key that issued the command
     * @param dropped names of arguments that clients may not set and that the brain removed
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
     * A command in the form that the z4j library understands.
     *
     * @param action the library's name of the action
     * @param targetType type of the target
     * @param targetId id of the target; null if the action has none
     * @param target {@code {"type":…,"id":…,"engine":…}}
     * @param parameters parameters of the action
     * @param engine engine that the command is for; null if it is unknown
     * @param workerName name of the worker that the command is for; null if it names none
     */
    public record LibraryForm(
            String action,
            String targetType,
            @Nullable String targetId,
            Json target,
            Json parameters,
            @Nullable String engine,
            @Nullable String workerName) {
        /**
         * Whether only the session of the named worker may receive the command. If the engine is unknown, a session whose
         * engines all broadcast control may receive it as well.
         */
        public boolean forOneWorker() {
            return workerName != null && !EngineControl.broadcasts(engine);
        }
    }

    /** The times of a command's steps; null for a step that has not happened. */
    public record Times(
            Instant issuedAt,
            Instant timeoutAt,
            @Nullable Instant dispatchedAt,
            @Nullable Instant acknowledgedAt) {}
}
