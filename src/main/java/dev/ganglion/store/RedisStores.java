package dev.ganglion.store;

import dev.ganglion.auth.AgentStore;
import dev.ganglion.auth.ProjectStore;
import dev.ganglion.cluster.Liveness;
import dev.ganglion.cluster.NodeStore;
import dev.ganglion.command.CommandStore;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.event.EventStore;
import dev.ganglion.event.RejectedEventStore;
import dev.ganglion.journal.Journal;
import dev.ganglion.journal.Presence;
import dev.ganglion.lane.FrameStore;
import dev.ganglion.projection.EventStreams;
import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.engine.EngineStore;
import dev.ganglion.projection.engine.HealthStore;
import dev.ganglion.projection.engine.RegistryStore;
import dev.ganglion.projection.lost.PresenceView;
import dev.ganglion.projection.lost.ProcessPresence;
import dev.ganglion.projection.lost.ReconciledEnds;
import dev.ganglion.projection.run.TaskStore;
import dev.ganglion.projection.segment.SegmentLimits;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.agent.RedisAgents;
import dev.ganglion.store.agent.RedisProjects;
import dev.ganglion.store.check.KindCheck;
import dev.ganglion.store.check.ReplicaCheck;
import dev.ganglion.store.cluster.NodeRoster;
import dev.ganglion.store.cluster.RedisPresence;
import dev.ganglion.store.cluster.RedisProcesses;
import dev.ganglion.store.command.RedisCommands;
import dev.ganglion.store.event.EventTrimmer;
import dev.ganglion.store.event.RedisEventStore;
import dev.ganglion.store.event.RedisReconciledEnds;
import dev.ganglion.store.event.RejectedEvents;
import dev.ganglion.store.frame.CommandCalls;
import dev.ganglion.store.frame.PollCalls;
import dev.ganglion.store.frame.RedisFrameStore;
import dev.ganglion.store.frame.SessionCalls;
import dev.ganglion.store.guard.KeyLayout;
import dev.ganglion.store.guard.RedisCheck;
import dev.ganglion.store.guard.StoreGuard;
import dev.ganglion.store.guard.StoreIdentity;
import dev.ganglion.store.guard.StoreWatch;
import dev.ganglion.store.journal.RedisJournal;
import dev.ganglion.store.people.PeopleStores;
import dev.ganglion.store.projection.RedisEngineHealth;
import dev.ganglion.store.projection.RedisEngines;
import dev.ganglion.store.projection.RedisEventStreams;
import dev.ganglion.store.projection.RedisProjectionEngine;
import dev.ganglion.store.projection.RedisRegistry;
import dev.ganglion.store.projection.read.SegmentTasks;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.RedisLine;
import dev.ganglion.store.redis.RedisServers;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.StoreTuning;
import dev.ganglion.store.stream.BatchPayload;
import dev.ganglion.telemetry.StoreCondition;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Creates the Redis adapter of every port, and starts and closes their connections together. */
public final class RedisStores {
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(30);
    private static final long SETTLE_MS = 1_000;
    /** Time in which the record of a killed node expires, with a margin. */
    private static final Duration NODES_STOP = Duration.ofMillis(NodeRoster.TTL_MS + 2_000);

    private final Vertx vertx;
    private final GanglionConfig config;
    private final Clock clock;
    private final Ticker ticker;
    private final StoreCondition condition;
    private final RedisServers servers;
    private final StoreTuning tuning;
    private final SharedLine line;
    private final SharedLine projecting;
    private final Liveness nodes;
    private final NodeRoster roster;
    private final SegmentTasks tasks;
    private final RedisEventStore events;
    private final RedisProjects projects;
    private final RedisAgents agents;
    private final RedisCommands commands;
    private final PeopleStores people;
    private final EventTrimmer trimmer;
    private final StoreGuard guard;
    private final StoreWatch watch;
    private final ReplicaCheck replicas;
    private long settling;

    /**
     * Creates adapters that are not yet connected.
     *
     * @param nodes the live nodes of the cluster
     */
    public RedisStores(Vertx vertx, GanglionConfig config, Liveness nodes, Clock clock, Ticker ticker) {
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
        this.ticker = ticker;
        this.condition = new StoreCondition(ticker);
        this.servers = new RedisServers(vertx, config.redis(), condition);
        this.guard = new StoreGuard(config.redis().durability());
        servers.require(guard);
        this.tuning = new StoreTuning(
                config.agent().idleTimeout().plus(LEASE_MARGIN),
                config.events().retentionAge(),
                config.events().retentionBytes(),
                config.redis().minReplicas(),
                StoreTuning.BATCH_MEMORY);
        this.line = shared();
        this.projecting = new SharedLine(vertx, newLine("projections"), vertx.getOrCreateContext(), ticker);
        this.nodes = nodes;
        this.roster = new NodeRoster(line);
        this.tasks = new SegmentTasks(line, ticker);
        this.events = new RedisEventStore(line, tuning, clock, tasks);
        this.projects = new RedisProjects(line, events);
        this.agents = new RedisAgents(line, projects, nodes);
        this.commands = new RedisCommands(line, projects, nodes.self(), clock);
        this.people = new PeopleStores(line, config.security().auth());
        this.trimmer = new EventTrimmer(vertx, projects, events);
        this.watch = new StoreWatch(vertx, line);
        this.replicas = new ReplicaCheck(vertx, line, tuning.minReplicas(), condition);
    }

    private SharedLine shared() {
        Context home = vertx.getOrCreateContext();
        RedisLine data = newLine("data");
        return tuning.minReplicas() == 0
                ? new SharedLine(vertx, data, home, ticker)
                : new SharedLine(vertx, data, home, ticker, newLine("durable"), tuning.minReplicas());
    }

    private RedisLine newLine(String name) {
        return new RedisLine(vertx, servers, name, ticker);
    }

    /** Connects to Redis, checks its settings and learns its identity. */
    public Future<Void> start() {
        Promise<Void> started = Promise.promise();
        settling = vertx.setPeriodic(SETTLE_MS, timer -> {
            condition.settle();
            refuseWrongKind(started);
        });
        connect().onComplete(done -> {
            if (done.succeeded()) {
                started.tryComplete();
            } else {
                started.tryFail(done.cause());
            }
        });
        return started.future();
    }

    /** Waiting does not help if the scheme of redis.uri is for another kind of server. */
    private void refuseWrongKind(Promise<Void> started) {
        condition
                .fault()
                .filter(fault -> fault.reason() == StoreFault.Reason.WRONG_KIND)
                .ifPresent(fault ->
                        started.tryFail(new GanglionException(ErrorCode.STORE_MISCONFIGURED, fault.sentence())));
    }

    private Future<Void> connect() {
        KeyLayout layout = new KeyLayout(vertx, line, roster::live, NODES_STOP, ticker);
        return line.start()
                .compose(done -> projecting.start())
                .compose(done -> new KindCheck(line).run(config.redis().uri()))
                .compose(done -> new RedisCheck(line, config.redis().uri())
                        .run(config.redis().durability()))
                .compose(done -> layout.check())
                .compose(done -> new StoreIdentity(line).learn(config.redis().storeId()))
                .compose(id -> layout.raise().map(id))
                .compose(id -> {
                    guard.expect(id);
                    watch.start();
                    trimmer.start();
                    replicas.start();
                    return projects.markShards();
                });
    }

    /** Refuses a Redis that lost its data, was replaced or no longer keeps its writes. */
    public StoreGuard guard() {
        return guard;
    }

    /** Completes if every answer until now came from the store that the node uses. See {@link SharedLine#sameStore}. */
    public Future<Void> sameStore() {
        return line.sameStore();
    }

    /** Disconnects from Redis. */
    public Future<Void> close() {
        trimmer.stop();
        replicas.stop();
        vertx.cancelTimer(settling);
        watch.stop();
        return projecting.close().compose(done -> line.close());
    }

    /**
     * Creates the frame store of one lane, with its own connection.
     *
     * @param sizes receives the sizes of stored batches
     */
    public FrameStore lane(int lane, BatchPayload.Sizes sizes) {
        return new RedisFrameStore(
                newLine("lane-" + lane),
                new SessionCalls(nodes, tuning),
                // Unanswered commands may fill half of a connection's pending output. Answers to frames use the other
                // half.
                new CommandCalls(nodes, tuning, config.agent().maxPendingOutput() / 2L),
                new PollCalls(nodes.self(), clock),
                tuning,
                new BatchPayload(sizes));
    }

    /** Knows why Redis is unavailable. */
    public StoreCondition condition() {
        return condition;
    }

    /** Whether calls outside the lanes can reach Redis. */
    public boolean available() {
        return line.available();
    }

    /** Registers the live nodes. */
    public NodeStore nodes() {
        return roster;
    }

    /** Stores projects. */
    public ProjectStore projects() {
        return projects;
    }

    /** Stores agents. */
    public AgentStore agents() {
        return agents;
    }

    /** Reads stored events. */
    public EventStore events() {
        return events;
    }

    /** Reads which worker processes are connected. */
    public Presence presence() {
        return new RedisPresence(line, nodes);
    }

    /** Reads the tasks and schedules that agents announced. */
    public RegistryStore registry() {
        return new RedisRegistry(line);
    }

    /** Stores the connection history of agents. */
    public Journal journal() {
        return new RedisJournal(line, ticker);
    }

    /** Stores projections. Uses its own connection, because its reads and writes are large. */
    public ProjectionEngine projections() {
        return new RedisProjectionEngine(
                projecting,
                new RedisProjects(projecting, events),
                nodes.self(),
                clock,
                SegmentLimits.of(
                        config.events().retentionAge(),
                        config.events().retentionTasks(),
                        config.events().retentionTaskBytes()));
    }

    /** Reads the event streams for the projectors. */
    public EventStreams eventStreams() {
        return new RedisEventStreams(projecting);
    }

    /** Stores the engine health that heartbeats report. */
    public HealthStore health() {
        return new RedisEngineHealth(projecting);
    }

    /** Reads which worker processes are connected, for the judgement of lost tasks. */
    public ProcessPresence processes(Supplier<PresenceView.Cluster> cluster) {
        return new RedisProcesses(line, nodes, cluster);
    }

    /** Keeps what agents said about lost tasks. */
    public ReconciledEnds reconciledEnds() {
        return new RedisReconciledEnds(line);
    }

    /** Reads projected tasks. */
    public TaskStore tasks() {
        return tasks;
    }

    /** Reads engine workers, queues and counters. */
    public EngineStore engines() {
        return new RedisEngines(line, nodes, clock);
    }

    /** Reads rejected events. */
    public RejectedEventStore rejectedEvents() {
        return new RejectedEvents(line);
    }

    /** Stores commands. */
    public CommandStore commands() {
        return commands;
    }

    /** Stores users, their login sessions, API keys and the audit. */
    public PeopleStores people() {
        return people;
    }

    /**
     * Stores the hash of the first admin key, unless one exists. Returns empty if this hash was stored, else the stored
     * hash.
     */
    public Future<Optional<String>> firstAdminKey(String hash) {
        return storedAdminKey()
                .compose(known -> known.isPresent() // a full Redis refuses SET NX even if the key exists
                        ? Future.succeededFuture(known)
                        : line.sendDurably(Request.cmd(Command.SET)
                                        .arg(RedisKeys.ADMIN_KEY)
                                        .arg(hash)
                                        .arg("NX"))
                                .compose(set ->
                                        set != null ? Future.succeededFuture(Optional.empty()) : storedAdminKey()));
    }

    private Future<Optional<String>> storedAdminKey() {
        return line.send(Request.cmd(Command.GET).arg(RedisKeys.ADMIN_KEY))
                .map(found -> Optional.ofNullable(found).map(Response::toString));
    }
}
