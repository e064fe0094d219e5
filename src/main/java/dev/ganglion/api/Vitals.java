package dev.ganglion.api;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.bus.NodePulse;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.VitalCounts;
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
 * How the whole cluster did in the last minutes. Each node tells all of what it has counted, every {@link #TICK_MS}, and
 * each keeps what follows from that: whoever opens the page sees the same from any node, and at once. Thread-safe.
 */
final class Vitals {
    /** The time between two samples, in milliseconds. */
    static final long TICK_MS = 2_000;
    /** Samples that are kept. */
    static final int MAX_SAMPLES = 150;

    private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(3 * TICK_MS);

    private final String self;
    private final NodeBus nodes;
    private final BrainMetrics metrics;
    private final Clock clock;
    private final long startedAt;
    private final Map<String, NodeRates> rates = new HashMap<>();
    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * How the cluster did at one time.
     *
     * @param at when
     * @param events events stored a second, by project
     * @param commands commands ended a second, by project
     * @param connections agents' connections, by project
     * @param latency how long frames of all projects took
     */
    record Sample(
            Instant at,
            Map<String, Double> events,
            Map<String, Double> commands,
            Map<String, Double> connections,
            AckLatency latency) {}

    Vitals(String self, NodeBus nodes, BrainMetrics metrics, Clock clock) {
        this.self = self;
        this.nodes = nodes;
        this.metrics = metrics;
        this.clock = clock;
        this.startedAt = clock.millis();
    }

    /** Begins to tell and to listen, for as long as the node runs. */
    void start(Vertx vertx) {
        vertx.eventBus().<NodePulse>localConsumer(Addresses.PULSE, message -> heard(message.body(), System.nanoTime()));
        vertx.setPeriodic(0, TICK_MS, timer -> {
            nodes.tellAll(new NodeMessage.Pulse(own()));
            sample(System.nanoTime());
        });
    }

    /** What there is, oldest first. */
    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    private NodePulse own() {
        VitalCounts counts = metrics.vitals();
        return new NodePulse(
                self,
                startedAt,
                counts.events(),
                counts.commands(),
                metrics.online().connections(),
                counts.ackBuckets());
    }

    synchronized void heard(NodePulse pulse, long at) {
        rates.compute(pulse.nodeId(), (id, before) -> NodeRates.after(before, pulse, at));
    }

    synchronized void sample(long now) {
        rates.values().removeIf(node -> now - node.at() > SILENT_NANOS);
        Map<String, Double> events = new HashMap<>();
        Map<String, Double> commands = new HashMap<>();
        Map<String, Double> connections = new HashMap<>();
        AckLatency latency = new AckLatency(List.of());
        for (NodeRates node : rates.values()) {
            node.events().forEach((project, rate) -> events.merge(project, rate, Double::sum));
            node.commands().forEach((project, rate) -> commands.merge(project, rate, Double::sum));
            node.pulse()
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
