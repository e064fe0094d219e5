package dev.ganglion.store;

import dev.ganglion.auth.AgentStore;
import dev.ganglion.auth.ProjectStore;
import dev.ganglion.cluster.Liveness;
import dev.ganglion.cluster.NodeStore;
import dev.ganglion.command.CommandStore;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.event.DeadLetterStore;
import dev.ganglion.event.EngineStore;
import dev.ganglion.event.EventStore;
import dev.ganglion.event.FrameStore;
import dev.ganglion.event.HealthStore;
import dev.ganglion.event.Journal;
import dev.ganglion.event.Presence;
import dev.ganglion.event.ProjectionStore;
import dev.ganglion.event.RegistryStore;
import dev.ganglion.event.TaskStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.Optional;

/** Every adapter of one Redis, and their common start and end. */
public final class RedisStores {
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final GanglionConfig config;
    private final RedisPlace place;
    private final StoreTuning tuning;
    private final SharedLine line;
    private final SharedLine projecting;
    private final Liveness nodes;
    private final NodeRoster roster;
    private final RedisEventStore events;
    private final RedisProjects projects;
    private final RedisAgents agents;
    private final RedisCommands commands;
    private final RedisPeople people;
    private final EventTrimmer trimmer;

    /** Adapters that are not yet connected; {@code nodes} says who lives. */
    public RedisStores(Vertx vertx, GanglionConfig config, Liveness nodes) {
        this.vertx = vertx;
        this.config = config;
        this.place = new RedisPlace(vertx, config.redis());
        this.tuning = new StoreTuning(
                config.agent().idleTimeout().plus(LEASE_MARGIN),
                config.events().retentionAge(),
                config.events().retentionBytes(),
                config.redis().minReplicas(),
                StoreTuning.BATCH_MEMORY);
        this.line = shared();
        this.projecting = new SharedLine(vertx, new RedisLine(vertx, place, "projections"), vertx.getOrCreateContext());
        this.nodes = nodes;
        this.roster = new NodeRoster(line);
        this.events = new RedisEventStore(line, tuning);
        this.projects = new RedisProjects(line, events);
        this.agents = new RedisAgents(line, projects, nodes);
        this.commands = new RedisCommands(line, projects, nodes.self());
        this.people = new RedisPeople(line, config.auth());
        this.trimmer = new EventTrimmer(vertx, projects, events);
    }

    private SharedLine shared() {
        Context home = vertx.getOrCreateContext();
        RedisLine data = new RedisLine(vertx, place, "data");
        return tuning.minReplicas() == 0
                ? new SharedLine(vertx, data, home)
                : new SharedLine(vertx, data, home, new RedisLine(vertx, place, "kept"), tuning.minReplicas());
    }

    /** Connects and checks the server. */
    public Future<Void> start() {
        return line.start()
                .compose(done -> projecting.start())
                .compose(done -> new RedisCheck(line).run(config.redis().durability()))
                .map(done -> {
                    trimmer.start();
                    return null;
                });
    }

    /** Disconnects. */
    public Future<Void> close() {
        trimmer.stop();
        return projecting.close().compose(done -> line.close());
    }

    /** A line of its own for one lane. */
    public FrameStore lane(int lane) {
        return new RedisFrameStore(
                new RedisLine(vertx, place, "lane-" + lane),
                new SessionCalls(nodes, tuning),
                // Half of what a connection may owe: the other half is for answers.
                new CommandCalls(nodes, tuning, config.agent().maxPendingOutput() / 2L),
                new PollCalls(nodes.self()),
                tuning);
    }

    /** Whether calls outside the lanes are answered. */
    public boolean available() {
        return line.available();
    }

    /** Where nodes make themselves known. */
    public NodeStore nodes() {
        return roster;
    }

    /** Where projects are kept. */
    public ProjectStore projects() {
        return projects;
    }

    /** Where agents are kept. */
    public AgentStore agents() {
        return agents;
    }

    /** Stored events. */
    public EventStore events() {
        return events;
    }

    /** Who is connected. */
    public Presence presence() {
        return new RedisPresence(line, nodes);
    }

    /** What agents announced. */
    public RegistryStore registry() {
        return new RedisRegistry(line);
    }

    /** What happened to agents' connections. */
    public Journal journal() {
        return new RedisJournal(line);
    }

    /** Where this node makes projections, over a line of its own: what it reads and writes is large. */
    public ProjectionStore projections() {
        return new RedisProjections(projecting, new RedisProjects(projecting, events), nodes.self());
    }

    /** Where what heartbeats tell of engines is kept. */
    public HealthStore health() {
        return new RedisHealth(projecting);
    }

    /** Projected tasks. */
    public TaskStore tasks() {
        return new RedisTasks(line);
    }

    /** Workers, queues and counters. */
    public EngineStore engines() {
        return new RedisEngines(line);
    }

    /** Rejected events. */
    public DeadLetterStore deadLetters() {
        return new DeadLetters(line);
    }

    /** Where commands are kept. */
    public CommandStore commands() {
        return commands;
    }

    /** Users, their sessions, API keys, and the audit. */
    public RedisPeople people() {
        return people;
    }

    /** Keeps the hash of a first admin key, unless there is one; empty when this one was kept. */
    public Future<Optional<String>> firstAdminKey(String hash) {
        return line.keep(Request.cmd(Command.SET).arg(Keys.ADMIN_KEY).arg(hash).arg("NX"))
                .compose(set -> set != null
                        ? Future.succeededFuture(Optional.empty())
                        : line.send(Request.cmd(Command.GET).arg(Keys.ADMIN_KEY))
                                .map(found -> Optional.of(found.toString())));
    }
}
