package dev.ganglion.agent;

import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.frame.Frame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives commands, runs each one once, and answers them.
 *
 * <p>Every copy of a command is acknowledged at once. The outcome is resent until the brain has acknowledged it. All
 * methods run on the agent's context; {@link AgentAccess#run} returns to it from other threads.
 */
final class CommandRunner {
    /** Room in a frame for everything except the result: the envelope, the signature, and the longest message. */
    private static final int ENVELOPE_BYTES = 48 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** The runner's access to its agent. */
    interface AgentAccess {
        /** Runs an action on the agent's context. May be called from any thread. */
        void run(Runnable action);

        /** Sends a frame if there is a session. Delivery is not confirmed. */
        void send(Frame frame);

        /** The largest frame that the brain accepts, in bytes. */
        int maxFrameBytes();
    }

    private final Vertx vertx;
    private final Clock clock;
    private final CommandHandler handler;
    private final Dialect dialect;
    private final AgentAccess agent;
    private final CommandMemory memory = new CommandMemory();
    private final TargetQueues queues = new TargetQueues();
    private final Map<String, Long> timers = new HashMap<>();
    private final List<Promise<Void>> settledWaiters = new ArrayList<>();

    CommandRunner(AgentHost host, CommandHandler handler, Dialect dialect, AgentAccess agent) {
        this.vertx = host.vertx();
        this.clock = host.clock();
        this.handler = handler;
        this.dialect = dialect;
        this.agent = agent;
    }

    void received(Command command) {
        agent.send(new CommandAck(frameId(command.id()), command.id()));
        CommandRecord known = memory.find(command.id());
        if (known instanceof CommandRecord.Done done) {
            answer(command.id(), done.outcome());
        } else if (known == null && !memory.open(command.id(), clock.instant())) {
            answer(
                    command.id(),
                    CommandOutcome.failed(
                            "overloaded",
                            "the agent already has " + CommandMemory.MAX_COMMANDS + " unfinished commands"));
        } else if (known == null) {
            begin(command);
        }
    }

    /** Handles the brain's acknowledgement of a command's outcome. */
    void stored(CommandAck ack) {
        memory.stored(ack.commandIdOrFrameId());
        settle();
    }

    /** Resends every outcome that the brain has not acknowledged. Called at the start of a session. */
    void resend() {
        memory.forEachUnstored(this::answer);
    }

    /** Completes when no command is open and the brain has acknowledged every outcome. */
    Future<Void> settled() {
        Promise<Void> settled = Promise.promise();
        settledWaiters.add(settled);
        settle();
        return settled.future();
    }

    private void begin(Command command) {
        long limit = Math.min(
                TimeUnit.SECONDS.toMillis(command.timeoutSeconds()),
                handler.limit().toMillis());
        timers.put(command.id(), vertx.setTimer(Math.max(1, limit), late -> {
            String message = "the command did not finish within " + limit / 1000.0 + " s; it may still run";
            end(command, CommandOutcome.failed(CommandOutcome.TIMEOUT, message));
        }));
        if (queues.add(command)) {
            handle(command);
        }
    }

    private void handle(Command command) {
        Future<CommandOutcome> outcome;
        try {
            outcome = handler.handle(command);
        } catch (RuntimeException e) {
            outcome = Future.failedFuture(e);
        }
        outcome.map(Objects::requireNonNull)
                .otherwise(failure -> CommandOutcome.failed("internal_error", message(failure)))
                .onSuccess(result -> agent.run(() -> end(command, result)));
    }

    private void end(Command command, CommandOutcome outcome) {
        if (!memory.done(command.id(), outcome)) {
            LOG.atDebug()
                    .addKeyValue("commandId", command.id())
                    .log("Dropped the outcome of a command that had already timed out");
            return;
        }
        Long timer = timers.remove(command.id());
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
        answer(command.id(), outcome);
        Command next = queues.remove(command);
        if (next != null) {
            handle(next);
        }
    }

    private void answer(String commandId, CommandOutcome outcome) {
        CommandOutcome fitting = outcome.cutTo(agent.maxFrameBytes() - ENVELOPE_BYTES);
        agent.send(new CommandResult(
                frameId(commandId),
                commandId,
                fitting.ok(),
                fitting.result(),
                fitting.errorCode(),
                fitting.errorMessage()));
    }

    private void settle() {
        if (memory.unanswered() == 0) {
            List<Promise<Void>> waiting = List.copyOf(settledWaiters);
            settledWaiters.clear();
            waiting.forEach(Promise::tryComplete);
        }
    }

    /**
     * In the library dialect the frame id is the command's id; in the documented dialect the payload contains the
     * command's id.
     */
    private String frameId(String commandId) {
        return dialect == Dialect.LIBRARY ? commandId : UUID.randomUUID().toString();
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
