package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.generator.Meter;
import dev.ganglion.benchmarks.host.Heap;
import dev.ganglion.benchmarks.host.Machine;
import dev.ganglion.benchmarks.host.MetricsPage;
import dev.ganglion.benchmarks.host.ProcessFigures;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Loads a brain with a fleet for a long time while some agents leave and return. It samples all figures that must not
 * grow.
 *
 * @param agents number of agents, each with one worker
 * @param framesPerSecond rate of all frames of one event
 * @param churn share of the agents that reconnect in a minute
 * @param samples number of samples
 * @param every time that one sample covers
 */
public record SoakLoad(int agents, double framesPerSecond, double churn, int samples, Duration every) {
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(60);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
    private static final int AT_ONCE = 32;
    private static final double MINUTE_MILLIS = 60_000;
    private static final long SETTLE_MILLIS = 5_000;
    private static final double PERCENT = 100;

    /** Runs the load and passes on every sample. */
    public JsonObject run(ServerUnderTest underTest, Consumer<JsonObject> each) {
        long pid = underTest.brainPids().get(0);
        try (BenchProject benchProject = BenchProject.of(underTest.rest(), agents, 0);
                Fleet fleet = underTest.fleet()) {
            double storedBefore = stored(underTest);
            fleet.eventsPerFrame(1);
            fleet.open(benchProject.agents(), agents, AT_ONCE, OPEN_LIMIT);
            fleet.heartbeats(Mixed.HEARTBEAT);
            fleet.openLoop(framesPerSecond, 0);
            JsonArray all = new JsonArray();
            for (int i = 0; i < samples; i++) {
                JsonObject sample = sample(underTest, fleet, pid);
                all.add(sample);
                each.accept(sample);
                Fleet.pause(SETTLE_MILLIS);
            }
            boolean drained = fleet.drain(DRAIN_LIMIT);
            Meter meter = fleet.meter();
            double stored = stored(underTest) - storedBefore;
            if (!drained || stored != meter.ackedEvents() || !meter.endings().isEmpty()) {
                throw new IllegalStateException("Acked " + meter.ackedEvents() + " events, stored " + stored
                        + ", all frames acked: " + drained + ", ended: " + meter.endings());
            }
            return new JsonObject()
                    .put("scenario", "soak")
                    .put("agents", agents)
                    .put("frames_per_s", framesPerSecond)
                    .put("churn", churn)
                    .put("minutes", samples * every.toMillis() / MINUTE_MILLIS)
                    .put("connects", meter.opened())
                    .put(
                            "check",
                            new JsonObject()
                                    .put("acked_events", meter.ackedEvents())
                                    .put("ok", true))
                    .put("samples", all);
        }
    }

    private JsonObject sample(ServerUnderTest underTest, Fleet fleet, long pid) {
        fleet.measure();
        ResourceUsage before = ResourceUsage.of(underTest);
        double stolen = Machine.stolenSeconds();
        fleet.churn(churn * every.toMillis() / MINUTE_MILLIS, every);
        Fleet.pause(every.toMillis());
        Meter meter = fleet.meter();
        JsonObject cost = ResourceUsage.of(underTest).cost(before, meter.measuredFrames(), "frame");
        stolen = Machine.stolenSeconds() - stolen;
        // The requested collection delays frames. The pause after the sample keeps that delay out of the next one.
        return new JsonObject()
                .put("p50", meter.acks().getValueAtPercentile(50) / 1e3)
                .put("p99", meter.acks().getValueAtPercentile(99) / 1e3)
                .put("max", meter.acks().getMaxValue() / 1e3)
                .put("frames", meter.measuredFrames())
                .put("brain_us_per_frame", cost.getDouble("brain_us_per_frame"))
                .put("redis_us_per_frame", cost.getDouble("redis_us_per_frame"))
                .put("stolen_percent", PERCENT * stolen / (every.toMillis() / 1e3 * Machine.cores()))
                .put("heap_after_gc", (double) Heap.liveBytes(pid, 1))
                .put("descriptors", (double) ProcessFigures.of(pid).descriptors())
                .put("slots", slots(underTest))
                .put("online", fleet.online());
    }

    /**
     * Number of stored events by the brain's own count. The stream cannot be counted, because the brain trims old
     * events.
     */
    private static double stored(ServerUnderTest underTest) {
        return metric(underTest, "z4j_events_ingested_total");
    }

    private static double slots(ServerUnderTest underTest) {
        return metric(underTest, "ganglion_slots");
    }

    private static double metric(ServerUnderTest underTest, String name) {
        return underTest.nodes().stream()
                .mapToDouble(node -> MetricsPage.parse(node.metrics()).sum(name).orElse(0.0))
                .sum();
    }
}
