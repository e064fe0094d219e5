package dev.ganglion.agent;

import dev.ganglion.protocol.Command;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/** Runs commands on worker threads. One that waited for a thread beyond its time was answered as such and is not run. */
record BlockingCommands(AgentHost host, CommandFunction function) implements CommandHandler {
    @Override
    public Future<CommandOutcome> handle(Command command) {
        long asked = System.nanoTime();
        long limit = TimeUnit.SECONDS.toNanos(command.timeoutSeconds());
        return host.workers()
                .executeBlocking(
                        () -> System.nanoTime() - asked < limit
                                ? function.apply(command)
                                : CommandOutcome.failed(CommandOutcome.TIMEOUT, "no thread was free in time"),
                        false);
    }
}
