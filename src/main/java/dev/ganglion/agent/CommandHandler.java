package dev.ganglion.agent;

import dev.ganglion.protocol.Command;
import dev.ganglion.protocol.ProtocolLimits;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Carries a command out. It is called on the agent's context, which it must not block; a failed future is a failure. It
 * is called once per command id, however often the brain sends the command; commands for the same target run one after
 * the other in their order of arrival, others beside each other.
 */
@FunctionalInterface
public interface CommandHandler {
    /** Answers every command with a failure: what an agent without an engine can say. */
    CommandHandler UNSUPPORTED = command ->
            Future.succeededFuture(CommandOutcome.failed("unsupported", "this agent carries out no " + command.verb()));

    Future<CommandOutcome> handle(Command command);

    /**
     * How long any command may take; its own {@code timeout_seconds} holds where that is less. Then it is answered as
     * failed, and what the handler says later is dropped: a handler that can stop its work should watch the time itself.
     */
    default Duration limit() {
        return Duration.ofSeconds(ProtocolLimits.MAX_TIMEOUT_SECONDS);
    }

    /** A handler that runs the function on the host's bounded pool of worker threads. */
    static CommandHandler blocking(AgentHost host, CommandFunction function) {
        return new BlockingCommands(host, function);
    }

    /** The handler with a limit of its own. */
    static CommandHandler within(Duration limit, CommandHandler handler) {
        return new CommandHandler() {
            @Override
            public Future<CommandOutcome> handle(Command command) {
                return handler.handle(command);
            }

            @Override
            public Duration limit() {
                return limit;
            }
        };
    }
}
