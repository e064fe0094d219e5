package dev.ganglion.agent;

import dev.ganglion.protocol.frame.Command;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands on worker threads. If no thread becomes free before a command's time-out, the agent has already
 * answered with a time-out, and the command does not run.
 */
record BlockingCommands(AgentHost host, CommandFunction function) implements CommandHandler {
    @Override
    public Future<CommandOutcome> handle(Command command) {
        long receivedAt = host.nanos();
        long limit = TimeUnit.SECONDS.toNanos(command.timeoutSeconds());
        return host.workers()
                .executeBlocking(
                        () -> host.nanos() - receivedAt < limit
                                ? function.apply(command)
                                : CommandOutcome.failed(
                                        CommandOutcome.TIMEOUT, "no worker thread was free before the time-out"),
                        false);
    }
}
