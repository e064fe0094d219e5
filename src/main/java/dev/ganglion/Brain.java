package dev.ganglion;

import dev.ganglion.api.Api;
import dev.ganglion.api.ApiServices;
import dev.ganglion.api.project.ProjectServices;
import dev.ganglion.auth.AgentAuthenticator;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.people.AdminKey;
import dev.ganglion.budget.NodeBudgets;
import dev.ganglion.cluster.ClusterMember;
import dev.ganglion.command.CommandIssuer;
import dev.ganglion.command.CommandWaits;
import dev.ganglion.command.ReconcileCommands;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.source.ConfigException;
import dev.ganglion.config.value.Secret;
import dev.ganglion.gateway.Draining;
import dev.ganglion.gateway.GatewayServices;
import dev.ganglion.gateway.HandshakeLimiter;
import dev.ganglion.gateway.ListenerVerticle;
import dev.ganglion.gateway.poll.PollHandler;
import dev.ganglion.journal.JournalVerticle;
import dev.ganglion.lane.LaneVerticle;
import dev.ganglion.projection.lost.LostTaskSweeper;
import dev.ganglion.projection.projector.ProjectorNode;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.store.RedisStores;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.ProjectionMetrics;
import dev.ganglion.telemetry.Readiness;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assembles a node of the brain. Starts its parts in the order of their dependencies, and stops them in reverse order.
 */
public final class Brain {
    private static final Logger LOG = LoggerFactory.getLogger(Brain.class);
    /** Time that connections get to close after the drain window. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private static final long POLL_MS = 20;

    private final GanglionConfig config;
    private final Clock clock;
    private final Ticker ticker = Ticker.system();
    private final Vertx vertx;
    private final BrainNode node;
    private final RedisStores stores;
    /** A context that belongs to no verticle, for work that outlives every verticle. */
    private final Context nodeContext;

    private final BrainInstruments instruments;
    private final BrainMetrics metrics;
    private final NodeBudgets budgets;
    private final MasterSecrets masters;
    private final Draining draining = new Draining();
    private final List<ListenerVerticle> listeners = new CopyOnWriteArrayList<>();
    private final CommandIssuer commandIssuer;
    private final CommandWaits commandWaits;
    private final BrainPeople people;
    /** Ids of the deployed verticles except the listeners, in the order of their start. */
    private final List<String> deployments = new ArrayList<>();

    private final List<LaneVerticle> lanes = new CopyOnWriteArrayList<>();
    private volatile Runnable leaveHandler =
            () -> stop().onFailure(failure -> LOG.atWarn().setCause(failure).log("The node did not shut down cleanly"));
    private String listenerDeployment = "";
    private @Nullable Future<Void> stopped;
    private volatile Optional<Secret> newAdminKey = Optional.empty();

    private Brain(
            GanglionConfig config,
            Clock clock,
            MasterSecrets masters,
            ClusterMember member,
            BrainInstruments instruments) {
        this.config = config;
        this.clock = clock;
        this.instruments = instruments;
        this.metrics = instruments.metrics();
        this.budgets = NodeBudgets.of(config.http().budgets(), metrics.budgets());
        this.masters = masters;
        this.vertx = member.vertx();
        vertx.exceptionHandler(new UnhandledFailures(ticker));
        this.nodeContext = vertx.getOrCreateContext();
        this.node = new BrainNode(
                member,
                config,
                clock,
                ticker,
                new BrainNode.OwnState(this::port, this::connections, draining::active, () -> leaveHandler.run()));
        this.stores = new RedisStores(vertx, config, node.membership(), clock, ticker);
        this.people = new BrainPeople(vertx, stores.people(), masters, config, clock, node.id());
        this.commandIssuer = new CommandIssuer(stores.commands(), node.nodes(), node.slots(), clock, ticker, metrics);
        this.commandWaits = new CommandWaits(vertx, node.nodes(), stores.commands(), metrics);
    }

    /**
     * Starts a node. The future completes when the node serves requests. If a part cannot start, this method stops the
     * parts before it, and the future fails. If Redis is unavailable, the start waits for Redis. Must not be called on
     * an event loop.
     */
    public static Future<Brain> start(GanglionConfig config, Clock clock) {
        MasterSecrets masters;
        try {
            masters = new MasterSecrets(
                    config.security().requiredMasterSecret(), config.security().previousSecrets());
        } catch (ConfigException e) {
            return Future.failedFuture(e);
        }
        CertificateDates.check(config, clock.instant());
        BrainInstruments instruments = BrainInstruments.of(config, Ticker.system());
        VertxOptions options = new VertxOptions()
                .setAddressResolverOptions(HostNames.fresh())
                .setEventLoopPoolSize(config.http().eventLoopCount());
        return ClusterMember.join(config.cluster(), masters.nodeKeys(), options, instruments.transport())
                .compose(member -> {
                    Brain brain = new Brain(config, clock, masters, member, instruments);
                    return brain.start()
                            .map(brain)
                            .recover(failure -> brain.stop().transform(stopped -> Future.failedFuture(failure)));
                });
    }

    /** Returns the port that the node listens on, or 0 while it does not listen. */
    public int port() {
        return listeners.isEmpty() ? 0 : Math.max(0, listeners.get(0).port());
    }

    /**
     * Sets the action to run when an operator drains this node. By default the brain stops and its process continues.
     */
    void leaveHandler(Runnable handler) {
        leaveHandler = handler;
    }

    /** Returns the admin key if this start created it. It must be shown exactly once. */
    public Optional<Secret> newAdminKey() {
        return newAdminKey;
    }

    /** Returns the Redis adapters, for commands that prepare data for this brain. */
    public RedisStores stores() {
        return stores;
    }

    BrainNode node() {
        return node;
    }

    public MasterSecrets masters() {
        return masters;
    }

    Vertx vertx() {
        return vertx;
    }

    /**
     * Stops the node: rejects new connections, closes the agents' connections over the drain window, completes work in
     * progress, and stops all parts. Repeated calls return the same future.
     */
    public synchronized Future<Void> stop() {
        if (stopped == null) {
            stopped = stopOnce();
        }
        return stopped;
    }

    private Future<Void> stopOnce() {
        draining.begin();
        Duration window = config.http().drainWindow();
        listeners.forEach(listener -> listener.drain(window));
        // Waits for the whole drain window even without agents: load balancers need the time to notice that this node
        // is not ready.
        return until(() -> false, listeners.isEmpty() ? Duration.ZERO : window)
                .compose(done -> until(() -> connections() == 0, CLOSE_LIMIT))
                .compose(done -> undeploy(listenerDeployment.isEmpty() ? List.of() : List.of(listenerDeployment)))
                .compose(done -> {
                    commandWaits.stop();
                    return undeploy(deployments);
                })
                .compose(done -> people.stop())
                .compose(done -> node.leave())
                .compose(done -> stores.close())
                .onFailure(failure -> LOG.atWarn().setCause(failure).log("A part of the node did not stop cleanly"))
                .otherwiseEmpty()
                .compose(done -> node.close())
                .onComplete(done -> instruments.registry().close());
    }

    private Future<Void> start() {
        metrics.connections(this::connections);
        stores.condition().bindTo(instruments.registry());
        stores.guard().onAccepted(node::storeAccepted);
        return stores.start()
                .compose(done -> deployLanes())
                .compose(done -> node.start(stores.nodes(), stores.presence(), metrics))
                .compose(done -> deployProjector())
                .compose(done -> commandWaits.start())
                .compose(done -> {
                    people.start();
                    return adminKey();
                })
                .compose(key -> Api.create(vertx, apiServices(key)))
                .compose(this::deployListeners)
                .onSuccess(done -> LOG.atInfo()
                        .addKeyValue("nodeId", node.id())
                        .addKeyValue("port", port())
                        .log("This node serves requests"));
    }

    private int connections() {
        return listeners.stream().mapToInt(ListenerVerticle::connections).sum();
    }

    private Future<Void> deployLanes() {
        Future<Void> all = vertx.deployVerticle(new JournalVerticle(stores.journal(), metrics, node.nodes(), ticker))
                .onSuccess(deployments::add)
                .mapEmpty();
        for (int i = 0; i < config.redis().lanes(); i++) {
            LaneVerticle lane = new LaneVerticle(
                    i,
                    node.bus(),
                    node.nodes(),
                    stores.lane(i, metrics::batchSize),
                    metrics,
                    new LaneVerticle.Timing(ticker, config.store().pauseLimit()));
            lanes.add(lane);
            all = all.compose(done -> vertx.deployVerticle(lane).map(id -> {
                deployments.add(id);
                return null;
            }));
        }
        return all;
    }

    private Future<Void> deployProjector() {
        ProjectorNode projector = new ProjectorNode(
                node.bus(), node.nodes(), () -> lanes.stream().anyMatch(LaneVerticle::crowded), draining::active);
        return new BrainProjections(stores, config.events(), clock, ticker)
                .deploy(vertx, projector, lostTasks(), new ProjectionMetrics(instruments.registry()))
                .onSuccess(deployments::addAll)
                .mapEmpty();
    }

    /** Connects the search for lost tasks with sessions, commands and events. */
    LostTaskSweeper.Ports lostTasks() {
        return new LostTaskSweeper.Ports(
                stores.processes(node::clusterView),
                new ReconcileCommands(commandIssuer, stores.commands(), commandWaits),
                stores.reconciledEnds());
    }

    private Future<AdminKey> adminKey() {
        if (config.security().adminKey().isPresent()) {
            return Future.succeededFuture(
                    AdminKey.of(config.security().adminKey().get()));
        }
        Secret newKey = Secret.of(KeyDerivation.newApiKey());
        AdminKey key = AdminKey.of(newKey);
        return stores.firstAdminKey(key.hashHex()).map(existing -> {
            if (existing.isPresent()) {
                return AdminKey.ofHash(existing.get());
            }
            newAdminKey = Optional.of(newKey);
            return key;
        });
    }

    private ApiServices apiServices(AdminKey key) {
        return new ApiServices(
                people.request(key, stores.projects(), stores::sameStore, budgets),
                projectServices(),
                people.people(stores.projects(), metrics.loginsAndAudit()),
                new ApiServices.Cluster(
                        node.membership(),
                        node.slots(),
                        node.nodes(),
                        new ApiServices.Store(
                                stores.guard()::identity, config.redis().durability(), stores.condition())),
                new ApiServices.Management(
                        readiness(),
                        instruments.registry()::scrape,
                        key,
                        config.observability().metrics().token()),
                metrics,
                config.agent(),
                clock);
    }

    private ProjectServices projectServices() {
        return new ProjectServices(
                stores.projects(),
                new ProjectServices.Agents(stores.agents(), stores.presence(), stores.journal(), masters),
                new ProjectServices.Events(stores.events(), stores.rejectedEvents()),
                new ProjectServices.Projections(stores.tasks(), stores.engines(), stores.registry()),
                new ProjectServices.Commands(stores.commands(), commandIssuer, commandWaits));
    }

    private Readiness readiness() {
        return new Readiness()
                .addCheck(
                        "store",
                        () -> stores.available()
                                        && metrics.lanesWithoutStore() == 0
                                        && stores.condition().fault().isEmpty()
                                ? Optional.empty()
                                : Optional.of(stores.condition()
                                        .lastFault()
                                        .map(StoreFault::sentence)
                                        .orElse("Redis does not answer")))
                .addCheck("cluster", node.membership()::fault)
                .addCheck(
                        "draining",
                        () -> draining.active() ? Optional.of("this node is shutting down") : Optional.empty());
    }

    private Future<Void> deployListeners(Handler<HttpServerRequest> http) {
        GatewayServices services = new GatewayServices(
                config,
                new GatewayServices.Node(node.id(), Version.current(), node.membership()::cutOff),
                new AgentAuthenticator(stores.agents(), masters, config.agent().connectionCap()),
                node.bus(),
                node.slots(),
                metrics,
                clock,
                Ticker.system());
        ListenerVerticle.Shared shared = new ListenerVerticle.Shared(
                nodeContext,
                config.http().tls(),
                new HandshakeLimiter(config.agent().handshake()),
                draining,
                scope -> new PollHandler(scope, budgets.uploads()),
                http,
                instruments.connections(),
                // A negative port means any free port, shared by all instances of the deployment.
                config.http().port() == 0 ? -1 : config.http().port());
        return vertx.deployVerticle(
                        () -> {
                            ListenerVerticle listener = new ListenerVerticle(services, shared);
                            listeners.add(listener);
                            return listener;
                        },
                        new DeploymentOptions().setInstances(config.http().eventLoopCount()))
                .map(id -> {
                    listenerDeployment = id;
                    return null;
                });
    }

    private Future<Void> undeploy(List<String> ids) {
        Future<Void> all = Future.succeededFuture();
        for (String id : ids) {
            all = all.compose(done -> vertx.undeploy(id).otherwiseEmpty());
        }
        return all;
    }

    private Future<Void> until(BooleanSupplier condition, Duration limit) {
        Promise<Void> done = Promise.promise();
        long end = ticker.nanos() + limit.toNanos();
        vertx.setPeriodic(POLL_MS, timer -> {
            if (condition.getAsBoolean() || ticker.nanos() > end) {
                vertx.cancelTimer(timer);
                done.tryComplete();
            }
        });
        return done.future();
    }
}
