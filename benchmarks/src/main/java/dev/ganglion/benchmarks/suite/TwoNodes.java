package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.ceilings.ClusterProbe;
import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.host.ChildProcess;
import dev.ganglion.benchmarks.load.Caps;
import dev.ganglion.benchmarks.load.Commands;
import dev.ganglion.benchmarks.load.Mixed;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import dev.ganglion.benchmarks.report.ResultFolder;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures two brains of one cluster: commands, cap claims and a fleet. The commands run in turns with bare requests,
 * entry processors and claims.
 */
final class TwoNodes {
    private static final int CAP = 50;
    private static final int ATTEMPTS = 200;
    /** Length of the warm-up before the first round, in rounds. The bare cluster's calls get as much. */
    private static final int WARM_UPS = 2;

    private static final int CAP_ROUNDS = 5;
    private static final long JOIN_LIMIT_MS = 40_000;
    private static final long PROBE_LIMIT_SECONDS = 180;
    private static final int PROBE_CALLS_PER_ROUND = 100;

    private final RunProcesses processes;
    private final Extent extent;
    private final ResultFolder results;

    TwoNodes(RunProcesses processes, Extent extent, ResultFolder results) {
        this.processes = processes;
        this.extent = extent;
        this.results = results;
    }

    void run() {
        try (LocalRedis redis = processes.redis("pair", "always")) {
            List<LocalBrain> brains = processes.pair(redis, redis.port());
            try {
                ServerUnderTest underTest = RunProcesses.serverUnderTest(brains, redis);
                awaitBoth(underTest);
                List<JsonObject> commands = new ArrayList<>();
                List<JsonObject> probes = new ArrayList<>();
                for (int round = 0; round < extent.ingest().rounds(); round++) {
                    if (round > 0 && Progress.late(Extent.LAST_PAIR)) {
                        break;
                    }
                    int some = extent.commands() / extent.ingest().rounds();
                    commands.add(new Commands(round == 0 ? WARM_UPS * some : some, some).run(underTest));
                    probes.add(probe());
                    Progress.say("commands and the bare cluster, round %d", round + 1);
                }
                results.put("command", commands);
                results.put("cluster", probes);
                Progress.say("caps: %d workers, a cap of %d", ATTEMPTS, CAP);
                results.put("caps", new Caps(CAP, ATTEMPTS, CAP_ROUNDS).run(underTest));
                Progress.say("mixed: " + extent.mixed().agents() + " agents");
                results.put(
                        "mixed",
                        new Mixed(
                                        extent.mixed().agents(),
                                        2,
                                        5,
                                        extent.ingest().warmUpSeconds(),
                                        extent.mixed().seconds())
                                .run(underTest));
            } finally {
                brains.forEach(LocalBrain::close);
            }
        }
    }

    static void awaitBoth(ServerUnderTest underTest) {
        long end = System.nanoTime() + JOIN_LIMIT_MS * 1_000_000;
        while (underTest.rest().get("/cluster").getJsonArray("nodes").size()
                < underTest.nodes().size()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "The nodes did not form a cluster within " + JOIN_LIMIT_MS / 1_000 + " s");
            }
            Fleet.pause(200);
        }
    }

    private JsonObject probe() {
        int[] ports = RunProcesses.freePorts(2);
        List<String> jvm = List.of("-Xms256m", "-Xmx512m", "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4");
        String one = Integer.toString(ports[0]);
        String other = Integer.toString(ports[1]);
        int rounds = Math.max(1, extent.commands() / PROBE_CALLS_PER_ROUND);
        try (ChildProcess answering = ChildProcess.java(
                ClusterProbe.class, jvm, List.of(one, other, "answer"), processes.log("cluster-answer"))) {
            String unused = answering.awaitReady();
            ChildProcess asking = ChildProcess.java(
                    ClusterProbe.class,
                    jvm,
                    List.of(other, one, "ask", Integer.toString(rounds)),
                    processes.log("cluster-ask"));
            return asking.awaitEnd(PROBE_LIMIT_SECONDS).stream()
                    .filter(line -> line.startsWith("RESULT "))
                    .map(line -> new JsonObject(line.substring("RESULT ".length())))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
