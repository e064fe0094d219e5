package dev.ganglion.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Everything the brain counts, by the names that dashboards know. Thread-safe.
 *
 * <p>Label values that agents choose are bounded: past {@link #MAX_SERIES} combinations of a metric the rest counts as
 * {@code other}.
 */
public final class BrainMetrics {
    /** Series of one metric whose labels agents choose. */
    public static final int MAX_SERIES = 2_000;

    private record Ingested(String project, String engine, String kind) {}

    private record Repeated(String project, String agentId) {}

    private static final Duration[] HOP_STEPS = IntStream.of(
                    50, 75, 100, 125, 150, 175, 200, 250, 300, 400, 500, 750, 1_000, 2_500, 5_000, 10_000, 50_000)
            .mapToObj(micros -> Duration.ofNanos(micros * 1_000L))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<Repeated, Counter> repeated = new ConcurrentHashMap<>();
    private final Map<Ingested, Counter> ingested = new ConcurrentHashMap<>();
    private final Map<String, Counter> frames = new ConcurrentHashMap<>();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Timer ackLatency;
    private final Timer loopLag;
    private final Timer storeLatency;
    private final Timer commandHop;
    private final Counter moves;
    private final Counter reassertions;
    private final OnlineGauges online;
    private final Counter journalDropped;
    private final VitalCounts vitals = new VitalCounts();
    private final AtomicInteger lanesAway = new AtomicInteger();
    private final PeopleCounts people;

    /** Metrics in this registry. */
    public BrainMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.ackLatency = Timer.builder("ganglion.ack.latency")
                .description("From a frame's last byte read to its effect in the store")
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
                .description("How late an event loop runs what is due")
                .register(registry);
        this.storeLatency = Timer.builder("ganglion.store.latency")
                .description("One call of a lane to the store, whatever shares it")
                .register(registry);
        this.commandHop = Timer.builder("ganglion.command.hop")
                .description("From telling another node that a command waits for its agent until it has taken that")
                .serviceLevelObjectives(HOP_STEPS)
                .register(registry);
        this.moves = Counter.builder("ganglion.slots.moved")
                .description("Slots that came from a session of another node")
                .register(registry);
        this.reassertions = Counter.builder("ganglion.slots.reasserted")
                .description("Slots that the directory had lost and was told again")
                .register(registry);
        this.online = new OnlineGauges(registry);
        this.journalDropped = Counter.builder("ganglion.journal.dropped")
                .description("Notes for agents' journals that came too thick, or that the store did not take")
                .register(registry);
        this.people = new PeopleCounts(registry);
        Gauge.builder("ganglion.lanes.away", lanesAway, AtomicInteger::get)
                .description("Lanes without the store")
                .register(registry);
    }

    /** Another node took, so many nanoseconds after it was told, that a command waits for an agent of its. */
    public void commandHop(long nanos) {
        commandHop.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Exposes agents' connections on this node. */
    public void connections(Supplier<Number> connections) {
        Gauge.builder("z4j.ws.connections", connections)
                .description("Agents' WebSocket connections on this node")
                .register(registry);
    }

    /** Events of one engine and kind became durable. */
    public void eventsIngested(String project, String engine, String kind, int count) {
        Ingested key = new Ingested(project, engine, kind);
        Counter counter = ingested.get(key);
        if (counter == null) {
            Ingested bounded = ingested.size() < MAX_SERIES ? key : new Ingested(project, "other", kind);
            counter = ingested.computeIfAbsent(
                    bounded,
                    k -> Counter.builder("z4j.events.ingested")
                            .tags("project", k.project(), "engine", k.engine(), "kind", k.kind())
                            .description("Events stored")
                            .register(registry));
        }
        counter.increment(count);
        vitals.events(project, count);
    }

    /** Events of a batch broke a rule. */
    public void eventsRejected(String project, int count) {
        count("ganglion.events.rejected", "project", project, count);
    }

    /** A batch was stored, or recognised as stored before. */
    public void batch(String project, boolean known) {
        count(known ? "ganglion.batches.known" : "ganglion.batches.stored", "project", project, 1);
    }

    /** A batch that came again was answered from memory. */
    public void batchRepeated(String project, String agentId) {
        Repeated key = new Repeated(project, agentId);
        Counter counter = repeated.get(key);
        if (counter == null) {
            Repeated bounded = repeated.size() < MAX_SERIES ? key : new Repeated(project, "other");
            counter = repeated.computeIfAbsent(
                    bounded,
                    k -> registry.counter("ganglion.batches.repeated", "project", k.project(), "agent", k.agentId()));
        }
        counter.increment();
    }

    /** What the overview shows. */
    public VitalCounts vitals() {
        return vitals;
    }

    /** What people do. */
    public PeopleCounts people() {
        return people;
    }

    /** Who is connected. */
    public OnlineGauges online() {
        return online;
    }

    /** How long a call to the store took, in nanoseconds. */
    public void stored(long nanos) {
        storeLatency.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A frame of this type verified. */
    public void frameVerified(String type) {
        Counter counter = frames.get(type);
        if (counter == null) {
            counter = frames.computeIfAbsent(type, t -> registry.counter("ganglion.frames", "type", t));
        }
        counter.increment();
    }

    /** A frame was refused. */
    public void frameRefused(String reason) {
        count("ganglion.frames.refused", "reason", reason, 1);
    }

    /** A connection ended. */
    public void closed(String reason) {
        count("ganglion.connections.closed", "reason", reason, 1);
    }

    /** An upgrade was refused. */
    public void upgradeRefused(String reason) {
        count("ganglion.upgrades.refused", "reason", reason, 1);
    }

    /** A dashboard's socket was ended. */
    public void dashboardClosed(String reason) {
        count("ganglion.dashboards.closed", "reason", reason, 1);
    }

    /** Exposes the dashboards that look on from this node. */
    public void dashboards(Supplier<Number> dashboards) {
        Gauge.builder("ganglion.dashboards", dashboards)
                .description("Dashboards' sockets on this node")
                .register(registry);
    }

    /** A long-poll request was refused. */
    public void pollRefused(String reason) {
        count("ganglion.polls.refused", "reason", reason, 1);
    }

    /** A write of a session that lost its slot was refused. */
    public void fenced() {
        count("ganglion.writes.fenced", "by", "slot", 1);
    }

    /** Exposes the slots that this node holds. */
    public void slots(Supplier<Number> slots) {
        Gauge.builder("ganglion.slots", slots)
                .description("Slots that sessions of this node hold")
                .register(registry);
    }

    /** Exposes the nodes that this one sees in the cluster. */
    public void members(Supplier<Number> members) {
        Gauge.builder("ganglion.cluster.members", members)
                .description("Nodes that this one sees, itself among them")
                .register(registry);
    }

    /** Exposes whether this node is cut off. */
    public void cutOff(Supplier<Number> cutOff) {
        Gauge.builder("ganglion.cluster.cut.off", cutOff)
                .description("1 while this node is on the smaller side of a split")
                .register(registry);
    }

    /** A slot went from a session of another node to one of this node. */
    public void ownerMoved() {
        moves.increment();
    }

    /** The directory did not know so many slots of this node. */
    public void reasserted(int slots) {
        reassertions.increment(slots);
    }

    /** A hello was held back because processes that share a slot displace each other. */
    public void helloDamped(String project) {
        count("ganglion.hellos.damped", "project", project, 1);
    }

    /** So many notes could not be written into journals. */
    public void journalDropped(long notes) {
        if (notes > 0) {
            journalDropped.increment((double) notes);
        }
    }

    /** An agent answered a command; {@code effect} says what that did. */
    public void commandResult(String effect) {
        count("ganglion.command.results", "effect", effect, 1);
    }

    /** A command ended: {@code status} is completed, failed or timeout. */
    public void command(String project, String action, String status) {
        registry.counter("z4j.commands", "project", project, "action", action, "status", status)
                .increment();
        vitals.command(project);
    }

    /** How long a frame took to be durable, in nanoseconds. */
    public void acked(long nanos) {
        ackLatency.record(nanos, TimeUnit.NANOSECONDS);
        vitals.acked(nanos);
    }

    /** How late an event loop was, in nanoseconds. */
    public void eventLoopLag(long nanos) {
        loopLag.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    /** A lane lost the store or has it back. */
    public void laneAway(boolean away) {
        lanesAway.addAndGet(away ? 1 : -1);
    }

    /** Lanes without the store now. */
    public int lanesAway() {
        return lanesAway.get();
    }

    private void count(String name, String label, String value, int by) {
        Counter counter = counters.get(name + value);
        if (counter == null) {
            counter = counters.computeIfAbsent(name + value, k -> registry.counter(name, Tags.of(label, value)));
        }
        counter.increment(by);
    }
}
