package dev.ganglion.api;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.bus.NodeStatistics;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.OverviewCounts;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keeps samples of the recent activity of the whole cluster. Every {@value #TICK_MS} ms, each node broadcasts its
 * statistics in a pulse, and each node calculates a sample from the pulses it received. The page therefore shows the
 * same history, whichever node serves it. Thread-safe.
 */
final class ClusterActivity {
    /** Interval between two samples, in milliseconds. */
    static final long TICK_MS = 2_000;
    /** Largest number of samples; the oldest one is dropped first. */
    static final int MAX_SAMPLES = 150;

    private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(3 * TICK_MS);

    private final String self;
    private final NodeBus nodes;
    private final BrainMetrics metrics;
    private final Clock clock;
    private final Ticker ticker;
    private final long startedAt;
    private final Map<String, NodeRates> rates = new HashMap<>();
    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * The activity of the cluster at one point in time.
     *
     * @param at time of the sample
     * @param events stored events per second, by project
     * @param commands finished commands per second, by project
     * @param connections open agent connections, by project
     * @param latency time until frames of all projects took effect
     */
    record Sample(
            Instant at,
            Map<String, Double> events,
            Map<String, Double> commands,
            Map<String, Double> connections,
            AckLatency latency) {}

    ClusterActivity(String self, NodeBus nodes, BrainMetrics metrics, Clock clock, Ticker ticker) {
        this.self = self;
        this.nodes = nodes;
        this.metrics = metrics;
        this.clock = clock;
        this.ticker = ticker;
        this.startedAt = clock.millis();
    }

    /** Starts to broadcast counts and to receive those of other nodes, for as long as the node runs. */
    void start(Vertx vertx) {
        vertx.eventBus().<NodeStatistics>localConsumer(Addresses.PULSE, message -> onPulse(message.body()));
        vertx.setPeriodic(0, TICK_MS, timer -> {
            nodes.broadcast(new NodeMessage.Pulse(own()));
            sample();
        });
    }

    /** The samples, oldest first. */
    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    private NodeStatistics own() {
        OverviewCounts counts = metrics.overview();
        return new NodeStatistics(
                self,
                startedAt,
                counts.events(),
                counts.commands(),
                metrics.online().connections(),
                counts.ackBuckets());
    }

    synchronized void onPulse(NodeStatistics pulse) {
        long at = ticker.nanos();
        rates.compute(pulse.nodeId(), (id, before) -> NodeRates.after(before, pulse, at));
    }

    synchronized void sample() {
        long now = ticker.nanos();
        rates.values().removeIf(node -> now - node.at() > SILENT_NANOS);
        Map<String, Double> events = new HashMap<>();
        Map<String, Double> commands = new HashMap<>();
        Map<String, Double> connections = new HashMap<>();
        AckLatency latency = new AckLatency(List.of());
        for (NodeRates node : rates.values()) {
            node.events().forEach((project, rate) -> events.merge(project, rate, Double::sum));
            node.commands().forEach((project, rate) -> commands.merge(project, rate, Double::sum));
            node.statistics()
                    .connections()
                    .forEach((project, count) -> connections.merge(project, count.doubleValue(), Double::sum));
            latency = latency.plus(node.latency());
        }
        samples.addLast(new Sample(clock.instant(), events, commands, connections, latency));
        if (samples.size() > MAX_SAMPLES) {
            samples.removeFirst();
        }
    }
}
