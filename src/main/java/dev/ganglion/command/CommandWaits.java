package dev.ganglion.command;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.telemetry.BrainMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies callers that wait for a command's outcome as soon as the command ends, and times out expired commands every
 * 500 ms. Thread-safe.
 */
public final class CommandWaits {
    private static final Duration SWEEP = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(CommandWaits.class);

    private final Vertx vertx;
    private final NodeBus nodes;
    private final CommandStore store;
    private final BrainMetrics metrics;
    private final Map<String, List<Promise<Void>>> waiting = new ConcurrentHashMap<>();
    private long timer = -1;

    /** Creates an instance that is not started yet. */
    public CommandWaits(Vertx vertx, NodeBus nodes, CommandStore store, BrainMetrics metrics) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.store = store;
        this.metrics = metrics;
    }

    /** Subscribes to the ends of commands and starts the sweeps. */
    public Future<Void> start() {
        timer = vertx.setPeriodic(
                SWEEP.toMillis(),
                tick -> store.timeOutExpired()
                        .onSuccess(this::timedOut)
                        .onFailure(failure -> LOG.atDebug()
                                .setCause(failure)
                                .log("Failed to time out expired commands; retrying in 500 ms")));
        return vertx.eventBus()
                .<String>localConsumer(Addresses.COMMAND_FINAL, message -> ended(message.body()))
                .completion();
    }

    /** Stops the sweeps. */
    public void stop() {
        vertx.cancelTimer(timer);
    }

    /** A caller's wait for the end of a command. */
    public static final class Wait {
        private final Promise<Void> promise;

        private Wait(Promise<Void> promise) {
            this.promise = promise;
        }

        /** Completes when the command ends, when the limit expires, or when the caller cancels the wait. */
        public Future<Void> done() {
            return promise.future();
        }

        /** Cancels the wait. */
        public void cancel() {
            promise.tryComplete();
        }
    }

    /**
     * Waits for a command's end, at most for the limit. Callers have to start the wait before they read the command's
     * state, so that they cannot miss its end.
     */
    public Wait await(String commandId, Duration limit) {
        Promise<Void> promise = Promise.promise();
        waiting.compute(commandId, (id, others) -> {
            List<Promise<Void>> all = others == null ? new ArrayList<>() : others;
            all.add(promise);
            return all;
        });
        long end = vertx.setTimer(Math.max(1, limit.toMillis()), tick -> promise.tryComplete());
        promise.future().onComplete(done -> {
            vertx.cancelTimer(end);
            waiting.computeIfPresent(commandId, (id, all) -> {
                all.remove(promise);
                return all.isEmpty() ? null : all;
            });
        });
        return new Wait(promise);
    }

    private void timedOut(List<CommandStore.TimedOutCommand> expired) {
        Set<DeliverCommands> agents = new LinkedHashSet<>();
        for (CommandStore.TimedOutCommand command : expired) {
            metrics.command(command.projectSlug(), command.action(), "timeout");
            nodes.broadcast(new NodeMessage.CommandEnded(command.commandId()));
            nodes.changed(command.projectId(), ChangeNotice.Topic.COMMAND);
            agents.add(DeliverCommands.waitingOnly(command.projectId(), command.shard(), command.agentId()));
        }
        // The expired commands may have occupied the window that waiting commands need.
        agents.forEach(deliver -> nodes.deliverLocally(new NodeMessage.CommandsWaiting(deliver)));
    }

    private void ended(String commandId) {
        List<Promise<Void>> waits = new ArrayList<>();
        waiting.computeIfPresent(commandId, (id, all) -> {
            waits.addAll(all);
            return all;
        });
        waits.forEach(Promise::tryComplete);
    }
}
