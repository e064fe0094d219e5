package dev.ganglion.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Records the metrics of a node under the names that dashboards use. Thread-safe.
 *
 * <p>Agents choose some label values, so the number of series is limited. After {@link #MAX_PROJECT_SERIES} series of a
 * project, further values of the project are counted as {@code __overflow__}.
 */
public final class BrainMetrics {
    /** Maximum number of series that a project has of a metric whose labels agents choose. */
    public static final int MAX_PROJECT_SERIES = 200;

    /** The labels of a series that belongs to a project. */
    private sealed interface ProjectLabels {
        String project();
    }

    private record Ingested(String project, String engine, String kind) implements ProjectLabels {}

    private record Repeated(String project, String agentId) implements ProjectLabels {}

    private static final Duration[] HOP_STEPS = IntStream.of(
                    50, 75, 100, 125, 150, 175, 200, 250, 300, 400, 500, 750, 1_000, 2_500, 5_000, 10_000, 50_000)
            .mapToObj(micros -> Duration.ofNanos(micros * 1_000L))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<Repeated, Counter> repeated = new ConcurrentHashMap<>();
    private final SeriesLimit repeatedLimit = new SeriesLimit(MAX_PROJECT_SERIES);
    private final Map<Ingested, Counter> ingested = new ConcurrentHashMap<>();
    private final SeriesLimit ingestedLimit = new SeriesLimit(MAX_PROJECT_SERIES);
    private final Map<String, Counter> frames = new ConcurrentHashMap<>();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Timer ackLatency;
    private final Timer loopLag;
    private final Timer storeLatency;
    private final Timer commandHop;
    private final Counter eventBytes;
    private final Counter storedBytes;
    private final Counter moves;
    private final Counter reassertions;
    private final OnlineGauges online;
    private final Counter journalDropped;
    private final OverviewCounts overview = new OverviewCounts();
    private final AtomicInteger lanesWithoutStore = new AtomicInteger();
    private final LoginAndAuditMetrics loginsAndAudit;
    private final BudgetMetrics budgets;
    private final ConnectionMetrics httpConnections;

    /** Creates the metrics in this registry. */
    public BrainMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.ackLatency = Timer.builder("ganglion.ack.latency")
                .description("Time from reading a frame's last byte until the frame took effect in the store")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30))
                .register(registry);
        this.loopLag = Timer.builder("ganglion.event.loop.lag")
                .description("Delay with which an event loop runs due tasks")
                .register(registry);
        this.storeLatency = Timer.builder("ganglion.store.latency")
                .description("Duration of one call of a lane to the store; several frames may share a call")
                .register(registry);
        this.commandHop = Timer.builder("ganglion.command.hop")
                .description("Time until another node acknowledged that a command waits for one of its agents")
                .serviceLevelObjectives(HOP_STEPS)
                .register(registry);
        this.eventBytes = Counter.builder("ganglion.events.bytes")
                .description("Size of stored events before compression")
                .baseUnit("bytes")
                .register(registry);
        this.storedBytes = Counter.builder("ganglion.events.stored.bytes")
                .description("Size of stored events in Redis, after compression")
                .baseUnit("bytes")
                .register(registry);
        this.moves = Counter.builder("ganglion.slots.moved")
                .description("Slots that moved here from a session on another node")
                .register(registry);
        this.reassertions = Counter.builder("ganglion.slots.reasserted")
                .description("Slots that the directory had lost and that this node entered again")
                .register(registry);
        this.online = new OnlineGauges(registry);
        this.journalDropped = Counter.builder("ganglion.journal.dropped")
                .description("Journal notes that were dropped because there were too many or the store was unavailable")
                .register(registry);
        this.loginsAndAudit = new LoginAndAuditMetrics(registry);
        this.budgets = new BudgetMetrics(registry);
        this.httpConnections = new ConnectionMetrics(registry);
        Gauge.builder("ganglion.lanes.away", lanesWithoutStore, AtomicInteger::get)
                .description("Lanes that cannot reach the store")
                .register(registry);
    }

    /** Records the time in nanoseconds until another node acknowledged that a command waits for one of its agents. */
    public void commandHop(long nanos) {
        commandHop.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Exposes the number of agent connections on this node. */
    public void connections(Supplier<Number> connections) {
        Gauge.builder("z4j.ws.connections", connections)
                .description("WebSocket connections of agents on this node")
                .register(registry);
    }

    /** Counts durable events of one engine and kind. */
    public void eventsIngested(String project, String engine, String kind, int count) {
        Ingested key = new Ingested(project, engine, kind);
        Counter counter = ingested.get(key);
        if (counter == null) {
            counter = addSeries(
                    ingested,
                    ingestedLimit,
                    key,
                    new Ingested(project, SeriesLimit.OVERFLOW, kind),
                    k -> Counter.builder("z4j.events.ingested")
                            .tags("project", k.project(), "engine", k.engine(), "kind", k.kind())
                            .description("Stored events")
                            .register(registry));
        }
        counter.increment(count);
        overview.events(project, count);
    }

    /** Counts events of a batch that broke a rule. */
    public void eventsRejected(String project, int count) {
        count("ganglion.events.rejected", "Events that broke a rule and were stored apart", "project", project, count);
    }

    /** Counts a batch. {@code known} means that the batch was already stored before. */
    public void batch(String project, boolean known) {
        if (known) {
            count("ganglion.batches.known", "Batches that were already stored before", "project", project, 1);
        } else {
            count("ganglion.batches.stored", "Batches that were stored", "project", project, 1);
        }
    }

    /**
     * Records the size of a stored batch, in bytes.
     *
     * @param events size of its events as a JSON array
     * @param stored size of the payload in Redis
     */
    public void batchSize(int events, int stored) {
        eventBytes.increment(events);
        storedBytes.increment(stored);
    }

    /** Counts a repeated batch that was answered from memory. */
    public void batchRepeated(String project, String agentId) {
        Repeated key = new Repeated(project, agentId);
        Counter counter = repeated.get(key);
        if (counter == null) {
            counter = addSeries(
                    repeated,
                    repeatedLimit,
                    key,
                    new Repeated(project, SeriesLimit.OVERFLOW),
                    k -> Counter.builder("ganglion.batches.repeated")
                            .tags("project", k.project(), "agent", k.agentId())
                            .description("Batches that an agent sent again in the same session")
                            .register(registry));
        }
        counter.increment();
    }

    /** The counts for the overview. */
    public OverviewCounts overview() {
        return overview;
    }

    /** The counts of logins and audit records. */
    public LoginAndAuditMetrics loginsAndAudit() {
        return loginsAndAudit;
    }

    /** The budgets of bytes. */
    public BudgetMetrics budgets() {
        return budgets;
    }

    /** The connections to the HTTP port. */
    public ConnectionMetrics httpConnections() {
        return httpConnections;
    }

    /** The gauges of connected agents. */
    public OnlineGauges online() {
        return online;
    }

    /** Records the duration of a call to the store, in nanoseconds. */
    public void storeCall(long nanos) {
        storeLatency.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Counts a verified frame of this type. */
    public void frameVerified(String type) {
        Counter counter = frames.get(type);
        if (counter == null) {
            counter = frames.computeIfAbsent(
                    type,
                    t -> Counter.builder("ganglion.frames")
                            .tag("type", t)
                            .description("Frames of agents that passed verification")
                            .register(registry));
        }
        counter.increment();
    }

    /** Counts a rejected frame. */
    public void frameRefused(String reason) {
        count("ganglion.frames.refused", "Frames of agents that failed verification", "reason", reason, 1);
    }

    /** Counts a closed connection. */
    public void closed(String reason) {
        count("ganglion.connections.closed", "Agent connections that ended", "reason", reason, 1);
    }

    /** Counts a rejected WebSocket upgrade. */
    public void upgradeRefused(String reason) {
        count("ganglion.upgrades.refused", "WebSocket upgrades that were rejected", "reason", reason, 1);
    }

    /** Counts a closed dashboard socket. */
    public void dashboardClosed(String reason) {
        count("ganglion.dashboards.closed", "Dashboard sockets that the brain closed", "reason", reason, 1);
    }

    /** Exposes the number of dashboard sockets on this node. */
    public void dashboards(Supplier<Number> dashboards) {
        Gauge.builder("ganglion.dashboards", dashboards)
                .description("Dashboard sockets on this node")
                .register(registry);
    }

    /** Counts a rejected long-poll request. */
    public void pollRefused(String reason) {
        count("ganglion.polls.refused", "Long-poll requests that were rejected", "reason", reason, 1);
    }

    /** Counts a rejected write of a session that had lost its slot. */
    public void fenced() {
        count("ganglion.writes.fenced", "Writes of sessions that had lost their slot, all rejected", "by", "slot", 1);
    }

    /** Exposes the number of slots that this node holds. */
    public void slots(Supplier<Number> slots) {
        Gauge.builder("ganglion.slots", slots)
                .description("Slots that sessions of this node hold")
                .register(registry);
    }

    /** Exposes the number of nodes that this node sees in the cluster, including itself. */
    public void members(Supplier<Number> members) {
        Gauge.builder("ganglion.cluster.members", members)
                .description("Nodes that this node sees in the cluster, including itself")
                .register(registry);
    }

    /** Exposes whether this node is cut off from the larger side of the cluster. */
    public void cutOff(Supplier<Number> cutOff) {
        Gauge.builder("ganglion.cluster.cut.off", cutOff)
                .description("1 while this node is on the smaller side of a split")
                .register(registry);
    }

    /** Exposes the number of nodes with which this node cannot exchange messages. */
    public void unreachableNodes(Supplier<Number> nodes) {
        Gauge.builder("ganglion.bus.unreachable", nodes)
                .description("Nodes of the cluster with which this node cannot exchange messages")
                .register(registry);
    }

    /** Exposes how often this node refused a connection or a message at its bus port for this reason. */
    public <T> void refusedAtBus(String reason, T counts, ToDoubleFunction<T> count) {
        FunctionCounter.builder("ganglion.bus.refused", counts, count)
                .tag("reason", reason)
                .description("Connections and messages that were refused at the bus port")
                .register(registry);
    }

    /** Counts a slot that moved from a session on another node to a session on this node. */
    public void slotMoved() {
        moves.increment();
    }

    /** Counts slots of this node that the directory had lost and that the node entered again. */
    public void slotsReasserted(int slots) {
        reassertions.increment(slots);
    }

    /** Counts a hello that was held back because processes that share a slot keep displacing each other. */
    public void helloDamped(String project) {
        count(
                "ganglion.hellos.damped",
                "Hellos that were delayed because processes share a slot",
                "project",
                project,
                1);
    }

    /** Counts journal notes that were not written. */
    public void journalDropped(long notes) {
        if (notes > 0) {
            journalDropped.increment((double) notes);
        }
    }

    /** Counts a command result; {@code effect} is what the result changed. */
    public void commandResult(String effect) {
        count("ganglion.command.results", "Command results of agents by their effect", "effect", effect, 1);
    }

    /** Counts a finished command; {@code status} is completed, failed or timeout. */
    public void command(String project, String action, String status) {
        Counter.builder("z4j.commands")
                .tags("project", project, "action", action, "status", status)
                .description("Finished commands")
                .register(registry)
                .increment();
        overview.command(project);
    }

    /** Records the time until a frame was durable, in nanoseconds. */
    public void acked(long nanos) {
        ackLatency.record(nanos, TimeUnit.NANOSECONDS);
        overview.acked(nanos);
    }

    /** Records the delay of an event loop, in nanoseconds; a negative delay counts as 0. */
    public void eventLoopLag(long nanos) {
        loopLag.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    /** Records that a lane lost the store ({@code lost} is true) or regained it. */
    public void laneStoreLost(boolean lost) {
        lanesWithoutStore.addAndGet(lost ? 1 : -1);
    }

    /** The number of lanes that currently cannot reach the store. */
    public int lanesWithoutStore() {
        return lanesWithoutStore.get();
    }

    /** Returns the counter of the labels; once the project has no place left, the counter of the overflow. */
    private static <L extends ProjectLabels> Counter addSeries(
            Map<L, Counter> series, SeriesLimit limit, L labels, L overflow, Function<L, Counter> create) {
        if (limit.isFull(labels.project())) {
            return series.computeIfAbsent(overflow, create);
        }
        synchronized (limit) { // so that two threads do not take two places for the same labels
            Counter present = series.get(labels);
            if (present != null) {
                return present;
            }
            return series.computeIfAbsent(limit.take(labels.project()) ? labels : overflow, create);
        }
    }

    private void count(String name, String description, String label, String value, int by) {
        Counter counter = counters.get(name + value);
        if (counter == null) {
            counter = counters.computeIfAbsent(
                    name + value,
                    k -> Counter.builder(name)
                            .tag(label, value)
                            .description(description)
                            .register(registry));
        }
        counter.increment(by);
    }
}
