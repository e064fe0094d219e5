package dev.ganglion.command;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.Change;
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

/** Tells those who wait for a command's outcome the moment that it is there, and times out what is over. Thread-safe. */
public final class CommandWatch {
    private static final Duration SWEEP = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(CommandWatch.class);

    private final Vertx vertx;
    private final NodeBus nodes;
    private final CommandStore store;
    private final BrainMetrics metrics;
    private final Map<String, List<Promise<Void>>> waiting = new ConcurrentHashMap<>();
    private long timer = -1;

    /** A watch that has not begun. */
    public CommandWatch(Vertx vertx, NodeBus nodes, CommandStore store, BrainMetrics metrics) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.store = store;
        this.metrics = metrics;
    }

    /** Begins to listen and to sweep. */
    public Future<Void> start() {
        timer = vertx.setPeriodic(
                SWEEP.toMillis(),
                tick -> store.expire()
                        .onSuccess(this::timedOut)
                        .onFailure(failure -> LOG.atDebug().setCause(failure).log("commands could not be timed out")));
        return vertx.eventBus()
                .<String>localConsumer(Addresses.COMMAND_FINAL, message -> ended(message.body()))
                .completion();
    }

    /** Stops sweeping. */
    public void stop() {
        vertx.cancelTimer(timer);
    }

    /** Someone's wait for the end of a command. */
    public static final class Wait {
        private final Promise<Void> promise;

        private Wait(Promise<Void> promise) {
            this.promise = promise;
        }

        /** Completes when the command is final, after the limit, or when nobody waits any more. */
        public Future<Void> over() {
            return promise.future();
        }

        /** Waits no more. */
        public void end() {
            promise.tryComplete();
        }
    }

    /** Waits for a command's end, for a limited time; to be asked before the command's state is looked at. */
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

    private void timedOut(List<CommandStore.Expired> expired) {
        Set<DeliverCommands> agents = new LinkedHashSet<>();
        for (CommandStore.Expired command : expired) {
            metrics.command(command.projectSlug(), command.action(), "timeout");
            nodes.tellAll(new NodeMessage.CommandEnded(command.commandId()));
            nodes.changed(command.projectId(), Change.Topic.COMMAND);
            agents.add(DeliverCommands.thatWait(command.projectId(), command.shard(), command.agentId()));
        }
        // What is over may have stood in the way of what waits.
        agents.forEach(deliver -> nodes.tellSelf(new NodeMessage.CommandsWaiting(deliver)));
    }

    private void ended(String commandId) {
        List<Promise<Void>> told = new ArrayList<>();
        waiting.computeIfPresent(commandId, (id, all) -> {
            told.addAll(all);
            return all;
        });
        told.forEach(Promise::tryComplete);
    }
}
