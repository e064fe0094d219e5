package dev.ganglion.agent;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.Command;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Carries out commands. A failed future makes the command fail.
 *
 * <p>The handler is called on the agent's context, which it must not block. It is called once per command id, even if
 * the brain sends the command several times. Commands for the same target run one after the other, in order of arrival;
 * commands for different targets run concurrently.
 */
@FunctionalInterface
public interface CommandHandler {
    /** Answers every command with the error {@code unsupported}, for agents without an engine. */
    CommandHandler UNSUPPORTED = command -> Future.succeededFuture(
            CommandOutcome.failed("unsupported", "this agent does not support " + command.verb()));

    Future<CommandOutcome> handle(Command command);

    /**
     * The maximum run time of every command; a shorter {@code timeout_seconds} of the command takes precedence.
     *
     * <p>After this time the agent answers that the command timed out, and discards the handler's later outcome. The
     * handler itself is not stopped, so it should watch the time if it can stop its work.
     */
    default Duration limit() {
        return Duration.ofSeconds(ProtocolLimits.MAX_TIMEOUT_SECONDS);
    }

    /** Returns a handler that runs the function on the host's bounded pool of worker threads. */
    static CommandHandler blocking(AgentHost host, CommandFunction function) {
        return new BlockingCommands(host, function);
    }

    /** Returns the handler with a limit of its own. */
    static CommandHandler withLimit(Duration limit, CommandHandler handler) {
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
