package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.load.Ingest;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import dev.ganglion.benchmarks.load.SoakLoad;
import dev.ganglion.benchmarks.load.Sustained;
import dev.ganglion.benchmarks.report.ResultFolder;
import dev.ganglion.benchmarks.report.Slope;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The soak test: a fleet sends at a fraction of the brain's capacity for a long time, and nothing may grow. */
final class Soak {
    private static final double LOAD = 0.7;
    private static final double CHURN = 0.05;
    private static final int AGENTS = 1_000;
    private static final Duration EVERY = Duration.ofSeconds(25); // A pause of 5 s follows each sample.
    private static final int PER_MINUTE = 2;
    private static final int FULL_WARM_UP_SAMPLES = 4;
    private static final double CAPACITY_SECONDS = 15;
    private static final String[] STEADY = {"heap_after_gc", "descriptors", "slots", "p99"};

    private final RunProcesses processes;
    private final ResultFolder results;

    Soak(RunProcesses processes, ResultFolder results) {
        this.processes = processes;
        this.results = results;
    }

    void run(int minutes) {
        try (LocalRedis redis = processes.redis("soak", "always");
                LocalBrain brain = processes.brain(redis.uri(redis.port()), "events.retention-bytes=1GiB")) {
            ServerUnderTest underTest = RunProcesses.serverUnderTest(List.of(brain), redis);
            double closed = Ingest.closed(1, AGENTS, CAPACITY_SECONDS, CAPACITY_SECONDS)
                    .run(underTest)
                    .getDouble("frames_per_s");
            Progress.say("closed loop: %.0f frames/s", closed);
            double capacity = new Sustained(AGENTS, closed).find(underTest);
            Progress.say("capacity: %.0f frames/s; the soak sends %.0f", capacity, LOAD * capacity);
            List<JsonObject> samples = new ArrayList<>();
            JsonObject soak = new SoakLoad(AGENTS, LOAD * capacity, CHURN, minutes * PER_MINUTE, EVERY)
                    .run(underTest, sample -> {
                        samples.add(sample);
                        Progress.say(
                                "%.1f min: heap %.0f MB, %.0f descriptors, %.0f slots, p50 %.1f ms, p99 %.1f, max %.0f, stolen %.1f %%, CPU per frame: brain %.1f us, Redis %.1f us",
                                (double) samples.size() / PER_MINUTE,
                                sample.getDouble("heap_after_gc") / 1e6,
                                sample.getDouble("descriptors"),
                                sample.getDouble("slots"),
                                sample.getDouble("p50"),
                                sample.getDouble("p99"),
                                sample.getDouble("max"),
                                sample.getDouble("stolen_percent"),
                                sample.getDouble("brain_us_per_frame"),
                                sample.getDouble("redis_us_per_frame"));
                    });
            results.put(
                    "soak",
                    soak.put("load", LOAD)
                            .put("capacity_frames_per_s", capacity)
                            .put("closed_loop_frames_per_s", closed)
                            .put("slope_percent", slopes(samples, Slope::percent))
                            .put("least_squares_percent", slopes(samples, Slope::leastSquaresPercent)));
        }
    }

    /** Computes the change over the run without its first minutes, in which the heap fills with long-lived data. */
    private static JsonObject slopes(List<JsonObject> samples, ToDoubleFunction<List<Double>> slope) {
        int skipped = Math.min(FULL_WARM_UP_SAMPLES, samples.size() / 4);
        List<JsonObject> rest = samples.subList(skipped, samples.size());
        JsonObject slopes = new JsonObject();
        for (String what : STEADY) {
            slopes.put(
                    what,
                    slope.applyAsDouble(
                            rest.stream().map(sample -> sample.getDouble(what)).toList()));
        }
        return slopes;
    }
}
