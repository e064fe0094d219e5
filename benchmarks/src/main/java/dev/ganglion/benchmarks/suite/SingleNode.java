package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.host.ChildProcess;
import dev.ganglion.benchmarks.load.Connect;
import dev.ganglion.benchmarks.load.Idle;
import dev.ganglion.benchmarks.load.Ingest;
import dev.ganglion.benchmarks.load.ServerUnderTest;
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

    private final RunProcesses processes;
    private final Extent extent;
    private final ResultFolder results;

    SingleNode(RunProcesses processes, Extent extent, ResultFolder results) {
        this.processes = processes;
        this.extent = extent;
        this.results = results;
    }

    void run() {
        try (LocalRedis redis = processes.redis("single", "always");
                LocalBrain brain = processes.brain(redis.uri(redis.port()))) {
            ServerUnderTest underTest = RunProcesses.serverUnderTest(List.of(brain), redis);
            Progress.say("warming up the brain");
            JsonObject unused = Ingest.closed(100, 16, 5, 1).run(underTest);
            unused = Ingest.closed(1, 16, 5, 1).run(underTest);
            ingest(underTest);
            openLoop(underTest);
            Progress.say("connect: " + extent.connects() + " handshakes");
            results.put("connect", new Connect(extent.connects(), CONNECTS_AT_ONCE).run(underTest));
        }
        // Starts a new brain, because the heap would still hold data of the earlier scenarios.
        try (LocalRedis redis = processes.redis("idle", "always");
                LocalBrain brain = processes.brain(redis.uri(redis.port()))) {
            Progress.say("idle: " + extent.idle().connections() + " connections");
            results.put(
                    "idle",
                    new Idle(
                                    extent.idle().connections(),
                                    CONNECTS_AT_ONCE,
                                    extent.idle().busySeconds())
                            .run(RunProcesses.serverUnderTest(List.of(brain), redis)));
        }
        stockIdle();
    }

    private void ingest(ServerUnderTest underTest) {
        List<JsonObject> runs = new ArrayList<>();
        for (int connections : extent.ingest().connections()) {
            for (int events : extent.ingest().events()) {
                JsonObject run = Ingest.closed(
                                events,
                                connections,
                                extent.ingest().warmUpSeconds(),
                                extent.ingest().seconds())
                        .run(underTest);
                Progress.say(
                        "ingest: %d events x %d connections: %.0f frames/s, %.1f us of the brain's CPU time per frame",
                        events,
                        connections,
                        run.getDouble("frames_per_s"),
                        run.getJsonObject("cost").getDouble("brain_us_per_frame"));
                runs.add(run);
                shrink(underTest);
            }
        }
        results.put("ingest", runs);
    }

    /** Measures latency at fractions of the closed loop's rate. The latency in a closed loop says little. */
    private void openLoop(ServerUnderTest underTest) {
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
                            extent.ingest().warmUpSeconds(),
                            OPEN_SECONDS)
                    .run(underTest)
                    .put("load", load);
            Progress.say(
                    "open loop at %.0f %% of capacity: p99 %.1f ms",
                    load * 100, run.getJsonObject("ack_ms").getDouble("p99"));
            runs.add(run);
            shrink(underTest);
        }
        results.put("open", runs);
    }

    /** Rewrites the append-only file, so that it also drops deleted data. */
    static void shrink(ServerUnderTest underTest) {
        underTest.redis().ifPresent(redis -> {
            Object unused = redis.ask("BGREWRITEAOF");
        });
    }

    private void stockIdle() {
        Progress.say("idle: the same connections on a bare Vert.x server");
        try (ChildProcess server = processes.bareServer()) {
            ServerUnderTest underTest = RunProcesses.serverUnderTest(server);
            results.put(
                    "idle-stock",
                    new Idle(extent.idle().connections(), CONNECTS_AT_ONCE, 0)
                            .memory(underTest, RunProcesses.unknownAgents(), () -> null));
        }
    }
}
