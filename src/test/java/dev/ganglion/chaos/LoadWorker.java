package dev.ganglion.chaos;

import dev.ganglion.agent.Agent;
import dev.ganglion.agent.AgentHost;
import dev.ganglion.agent.AgentOptions;
import dev.ganglion.agent.AgentProfile;
import dev.ganglion.agent.AgentState;
import dev.ganglion.agent.BackoffRange;
import dev.ganglion.agent.CommandHandler;
import dev.ganglion.agent.CommandOutcome;
import dev.ganglion.agent.outbox.Batching;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;

/** A worker process of an agent, with its connection and its own journal of the commands that it executed. */
final class LoadWorker {
    private static final Batching BATCHING = new Batching(20, Duration.ofMillis(10), 16, 1_000_000);
    static final BackoffRange SOON =
            new BackoffRange(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMillis(500));

    /** Holds what an agent needs to connect. */
    record Enrolled(String id, String token, String hmacSecret, int cap) {}

    /**
     * Describes how a connection ended or failed.
     *
     * @param reason description of the cause
     * @param node index of the node of the connection, -1 if none
     * @param at time in nanoseconds of {@link System#nanoTime}
     */
    record Ending(String reason, int node, long at) {}

    private final Enrolled enrolled;
    private final String worker;
    private final IntSupplier node;
    private final Agent agent;
    private final List<String> journal = new ArrayList<>();
    private final Queue<Ending> endings = new ConcurrentLinkedQueue<>();
    private volatile int lastNode = -1;

    /**
     * Creates a worker process that connects and keeps reconnecting.
     *
     * @param node supplier of the node of the current connection
     */
    LoadWorker(AgentHost host, Enrolled enrolled, String worker, Endpoint at, IntSupplier node, BackoffRange backoff) {
        this.enrolled = enrolled;
        this.worker = worker;
        this.node = node;
        AgentOptions options = AgentOptions.of(
                        "ws://" + at, Secret.of(enrolled.token()), Secret.of(enrolled.hmacSecret()))
                .withProfile(AgentProfile.simulated(worker))
                .withBatching(BATCHING)
                .withBackoff(backoff);
        CommandHandler handler = this::execute;
        this.agent = new Agent(host, options, handler, this::became);
    }

    void start() {
        agent.start().onFailure(failure -> {});
    }

    private Future<CommandOutcome> execute(Command command) {
        synchronized (journal) {
            journal.add(command.id());
        }
        return Future.succeededFuture(CommandOutcome.done(Json.NULL));
    }

    private void became(AgentState state) {
        if (state instanceof AgentState.Online) {
            lastNode = node.getAsInt();
        } else if (state instanceof AgentState.Disconnected lost) {
            endings.add(new Ending(lost.reason(), lastNode, System.nanoTime()));
            lastNode = -1;
        } else if (state instanceof AgentState.Stopped stopped && stopped.cause() != null) {
            endings.add(new Ending(String.valueOf(stopped.cause().getMessage()), lastNode, System.nanoTime()));
        }
    }

    Enrolled enrolled() {
        return enrolled;
    }

    String worker() {
        return worker;
    }

    Agent agent() {
        return agent;
    }

    boolean online() {
        return agent.state() instanceof AgentState.Online;
    }

    /** Returns when the current session began; empty if there is none. */
    Optional<Instant> onlineSince() {
        return agent.state() instanceof AgentState.Online online ? Optional.of(online.since()) : Optional.empty();
    }

    /** Returns the id of the current session; empty if there is none. */
    Optional<String> session() {
        return agent.state() instanceof AgentState.Online online ? Optional.of(online.sessionId()) : Optional.empty();
    }

    boolean stopped() {
        return agent.state() instanceof AgentState.Stopped;
    }

    /** Returns the node of the current connection, or -1 if there is none. */
    int node() {
        return online() ? node.getAsInt() : -1;
    }

    /** Returns the ids of the executed commands, in order. */
    List<String> journal() {
        synchronized (journal) {
            return List.copyOf(journal);
        }
    }

    List<Ending> endings() {
        return List.copyOf(endings);
    }
}
