package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.ceilings.Recording;
import dev.ganglion.benchmarks.ceilings.RedisReplay;
import dev.ganglion.benchmarks.cost.StepCost;
import dev.ganglion.benchmarks.load.BenchProject;
import dev.ganglion.benchmarks.load.Ingest;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import dev.ganglion.benchmarks.projection.Backlog;
import dev.ganglion.benchmarks.projection.ProjectionLoad;
import dev.ganglion.benchmarks.projection.TaskLists;
import dev.ganglion.benchmarks.report.ResultFolder;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures how stored events become tasks: the Java part alone, a backlog, what projecting costs acks, the lag at
 * fractions of the highest ack rate, and lists of a million tasks.
 */
final class Projections {
    private static final int EVENTS = 100;
    private static final int CONNECTIONS = 64;
    private static final double[] LOADS = {0.25, 0.5, 0.7};
    private static final int STEP_ROUNDS = 10;
    private static final int BRIEF_STEP_ROUNDS = 2;
    private static final double COMPILE = 2.5;
    private static final int XADD_LANES = 4;
    private static final int XADD_DEPTH = 8;
    private static final int XADD_PASSES = 2;
    private static final Duration LIST_LIMIT = Duration.ofSeconds(5);
    /** An earlier version projects less, so that a smaller backlog takes as long. */
    private static final int PREVIOUS_PART = 10;

    private static final String PREVIOUS_JAR = "ganglion.jar";
    private static final String KEEP_ALL = "events.retention-tasks=10000000";

    private final RunProcesses processes;
    private final Extent extent;
    private final Extent.ProjectionRuns runs;
    private final ResultFolder results;
    private final Path previous;

    Projections(RunProcesses processes, Extent extent, ResultFolder results, Path previous) {
        this.processes = processes;
        this.extent = extent;
        this.runs = extent.projection();
        this.results = results;
        this.previous = previous;
    }

    void run() {
        Progress.say("projection: the Java part of a step");
        results.put("projection-step", StepCost.measure(runs.rounds() > 1 ? STEP_ROUNDS : BRIEF_STEP_ROUNDS, previous));
        try (LocalRedis redis = processes.redis("projection", "always");
                LocalRedis plain = processes.redis("projection-plain", "always");
                LocalBrain brain = processes.brain(redis.uri(redis.port()), KEEP_ALL)) {
            ServerUnderTest underTest = RunProcesses.serverUnderTest(List.of(brain), redis);
            Progress.say("warming up the brain");
            JsonObject unused = closed(COMPILE).run(underTest);
            double highest = turns(underTest, plain);
            loads(underTest, highest);
            behind(underTest);
        }
        if (Files.exists(previous.resolve(PREVIOUS_JAR))) {
            previousVersion();
        } else {
            Progress.say("no earlier brain to compare with; benchmarks/previous builds one");
        }
    }

    private ProjectionLoad closed(double warmUps) {
        Ingest load =
                Ingest.closed(EVENTS, CONNECTIONS, warmUps * extent.ingest().warmUpSeconds(), runs.seconds());
        return new ProjectionLoad(load, runs.limit());
    }

    /** Measures a closed loop with and without projecting, and a plain XADD, in turns. Returns the highest ack rate. */
    private double turns(ServerUnderTest underTest, LocalRedis plain) {
        RedisReplay replay = new RedisReplay(plain.port(), LocalRedis.PASSWORD, plain.pid());
        Recording xadd = Recording.plainXadd(extent.recorded(), XADD_LANES, FrameSize.taskEvents(EVENTS));
        List<JsonObject> rounds = new ArrayList<>();
        double highest = 0;
        for (int round = 0; round < runs.rounds(); round++) {
            if (round > 0 && Progress.late(Extent.LAST_PROJECTION)) {
                break;
            }
            JsonObject held = closed(1).runWithoutProjection(underTest);
            SingleNode.shrink(underTest);
            JsonObject projecting = closed(1).run(underTest);
            SingleNode.shrink(underTest);
            highest = Math.max(highest, projecting.getDouble("frames_per_s"));
            rounds.add(new JsonObject()
                    .put("held", held)
                    .put("projecting", projecting)
                    .put("plain_xadd", replay.run(xadd, XADD_DEPTH, XADD_PASSES)));
            Progress.say(
                    "projection: acks of %.0f events/s without, %.0f with; %.3f of them are projected",
                    held.getDouble("events_per_s"),
                    projecting.getDouble("events_per_s"),
                    projecting.getDouble("projected_of_acked"));
        }
        results.put("projection-turns", rounds);
        return highest;
    }

    private void loads(ServerUnderTest underTest, double highest) {
        List<JsonObject> all = new ArrayList<>();
        for (double load : LOADS) {
            Ingest open = Ingest.open(
                    EVENTS, CONNECTIONS, load * highest, extent.ingest().warmUpSeconds(), runs.seconds());
            JsonObject run =
                    new ProjectionLoad(open, runs.limit()).run(underTest).put("load", load);
            all.add(run);
            Progress.say(
                    "projection at %.0f %% of the ack rate: lag p50 %.0f ms, p99 %.0f ms; %.3f of the events",
                    load * 100,
                    run.getJsonObject("lag_ms").getDouble("p50"),
                    run.getJsonObject("lag_ms").getDouble("p99"),
                    run.getDouble("projected_of_acked"));
            SingleNode.shrink(underTest);
        }
        results.put("projection-load", all);
    }

    /** Projects backlogs. The last one is as large as the lists need. */
    private void behind(ServerUnderTest underTest) {
        List<JsonObject> rounds = new ArrayList<>();
        for (int round = 1; round < runs.rounds(); round++) {
            rounds.add(said(backlog(runs.backlog() / runs.rounds()).run(underTest)));
        }
        try (BenchProject project = BenchProject.of(underTest.rest(), CONNECTIONS, 0)) {
            rounds.add(said(backlog(runs.backlog()).run(underTest, project)));
            results.put("projection-behind", rounds);
            JsonObject lists = new TaskLists(runs.requests(), LIST_LIMIT).run(underTest, project);
            Progress.say(
                    "lists of %,d tasks: at most %.1f ms at p95",
                    lists.getLong("tasks"), lists.getDouble("worst_p95_ms"));
            results.put("projection-lists", lists);
        }
    }

    private Backlog backlog(long events) {
        return new Backlog(EVENTS, CONNECTIONS, events, runs.limit());
    }

    private static JsonObject said(JsonObject run) {
        Progress.say(
                "projection from behind: %.0f events/s; CPU per event: brain %.2f us, Redis %.2f us; %.0f bytes per task",
                run.getDouble("events_per_s"),
                run.getJsonObject("cost").getDouble("brain_us_per_event"),
                run.getJsonObject("cost").getDouble("redis_us_per_event"),
                run.getDouble("redis_bytes_per_task"));
        return run;
    }

    /** Projects a backlog with an earlier version, on a Redis of its own. */
    private void previousVersion() {
        Progress.say("projection by the earlier version");
        try (LocalRedis redis = processes.redis("previous", "always");
                LocalBrain brain = processes.brain(previous.resolve(PREVIOUS_JAR), redis.uri(redis.port()))) {
            ServerUnderTest underTest = RunProcesses.serverUnderTest(List.of(brain), redis);
            List<JsonObject> rounds = new ArrayList<>();
            for (int round = 0; round < Math.min(2, runs.rounds()); round++) {
                rounds.add(said(backlog(runs.backlog() / PREVIOUS_PART).run(underTest)));
            }
            results.put("projection-previous", rounds);
        }
    }
}
