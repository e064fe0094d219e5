package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.host.ChildProcess;
import dev.ganglion.benchmarks.load.Bed;
import dev.ganglion.benchmarks.load.Connect;
import dev.ganglion.benchmarks.load.Idle;
import dev.ganglion.benchmarks.load.Ingest;
import dev.ganglion.benchmarks.report.ResultFolder;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Measures one brain on one Redis with {@code appendfsync always}: ingest, handshakes, and many idle connections. */
final class SingleNode {
    private static final int CONNECTS_AT_ONCE = 64;
    private static final double[] LOADS = {0.25, 0.5, 0.75};
    private static final int OPEN_CONNECTIONS = 64;
    private static final int OPEN_EVENTS = 100;
    private static final double OPEN_SECONDS = 8;

    private final Lab lab;
    private final Plan plan;
    private final ResultFolder results;

    SingleNode(Lab lab, Plan plan, ResultFolder results) {
        this.lab = lab;
        this.plan = plan;
        this.results = results;
    }

    void run() {
        try (LocalRedis redis = lab.redis("single", "always");
                LocalBrain brain = lab.brain(redis.uri(redis.port()))) {
            Bed bed = Lab.bed(List.of(brain), redis);
            Progress.say("warming up the brain");
            JsonObject unused = Ingest.closed(100, 16, 5, 1).run(bed);
            unused = Ingest.closed(1, 16, 5, 1).run(bed);
            ingest(bed);
            openLoop(bed);
            Progress.say("connect: " + plan.connects() + " handshakes");
            results.put("connect", new Connect(plan.connects(), CONNECTS_AT_ONCE).run(bed));
        }
        // Starts a new brain, because the heap would still hold data of the earlier scenarios.
        try (LocalRedis redis = lab.redis("idle", "always");
                LocalBrain brain = lab.brain(redis.uri(redis.port()))) {
            Progress.say("idle: " + plan.idle().connections() + " connections");
            results.put(
                    "idle",
                    new Idle(
                                    plan.idle().connections(),
                                    CONNECTS_AT_ONCE,
                                    plan.idle().busySeconds())
                            .run(Lab.bed(List.of(brain), redis)));
        }
        stockIdle();
    }

    private void ingest(Bed bed) {
        List<JsonObject> runs = new ArrayList<>();
        for (int connections : plan.ingest().connections()) {
            for (int events : plan.ingest().events()) {
                JsonObject run = Ingest.closed(
                                events,
                                connections,
                                plan.ingest().warmUpSeconds(),
                                plan.ingest().seconds())
                        .run(bed);
                Progress.say(
                        "ingest: %d events x %d connections: %.0f frames/s, %.1f us of the brain's CPU time per frame",
                        events,
                        connections,
                        run.getDouble("frames_per_s"),
                        run.getJsonObject("cost").getDouble("brain_us_per_frame"));
                runs.add(run);
                shrink(bed);
            }
        }
        results.put("ingest", runs);
    }

    /** Measures latency at fractions of the closed loop's rate. The latency in a closed loop says little. */
    private void openLoop(Bed bed) {
        double capacity = results.runs("ingest").stream()
                .filter(run -> run.getInteger("events_per_frame") == OPEN_EVENTS
                        && run.getInteger("connections") == OPEN_CONNECTIONS)
                .mapToDouble(run -> run.getDouble("frames_per_s"))
                .findFirst()
                .orElseThrow();
        List<JsonObject> runs = new ArrayList<>();
        for (double load : LOADS) {
            JsonObject run = Ingest.open(
                            OPEN_EVENTS,
                            OPEN_CONNECTIONS,
                            capacity * load,
                            plan.ingest().warmUpSeconds(),
                            OPEN_SECONDS)
                    .run(bed)
                    .put("load", load);
            Progress.say(
                    "open loop at %.0f %% of capacity: p99 %.1f ms",
                    load * 100, run.getJsonObject("ack_ms").getDouble("p99"));
            runs.add(run);
            shrink(bed);
        }
        results.put("open", runs);
    }

    /** Rewrites the append-only file, so that it also drops deleted data. */
    static void shrink(Bed bed) {
        bed.redis().ifPresent(redis -> {
            Object unused = redis.ask("BGREWRITEAOF");
        });
    }

    private void stockIdle() {
        Progress.say("idle: the same connections on a bare Vert.x server");
        try (ChildProcess server = lab.bareServer()) {
            Bed bed = Lab.bed(server);
            results.put(
                    "idle-stock",
                    new Idle(plan.idle().connections(), CONNECTS_AT_ONCE, 0).memory(bed, Lab.anybody(), () -> null));
        }
    }
}
