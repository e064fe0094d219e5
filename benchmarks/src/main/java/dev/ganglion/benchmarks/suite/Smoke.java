package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.ceilings.Recording;
import dev.ganglion.benchmarks.ceilings.RedisReplay;
import dev.ganglion.benchmarks.ceilings.RedisTap;
import dev.ganglion.benchmarks.ceilings.VertxPlayer;
import dev.ganglion.benchmarks.cost.FrameParts;
import dev.ganglion.benchmarks.host.ChildProcess;
import dev.ganglion.benchmarks.load.BenchProject;
import dev.ganglion.benchmarks.load.Caps;
import dev.ganglion.benchmarks.load.Commands;
import dev.ganglion.benchmarks.load.Connect;
import dev.ganglion.benchmarks.load.Idle;
import dev.ganglion.benchmarks.load.Ingest;
import dev.ganglion.benchmarks.load.Mixed;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import dev.ganglion.benchmarks.load.StoredCheck;
import dev.ganglion.benchmarks.projection.Backlog;
import dev.ganglion.benchmarks.projection.ProjectionLoad;
import dev.ganglion.benchmarks.projection.TaskLists;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * Runs every scenario and ceiling once and briefly, on one pair of brains, to show that all of them work. The figures
 * mean nothing.
 */
final class Smoke {
    private static final double WARM_UP = 0.2;
    private static final double SECONDS = 0.8;
    private static final Duration PROJECTION_LIMIT = Duration.ofSeconds(10);

    private final RunProcesses processes;

    Smoke(RunProcesses processes) {
        this.processes = processes;
    }

    void run() {
        try (ChildProcess server = processes.bareServer();
                LocalRedis redis = processes.redis("smoke", "always");
                LocalRedis replayed = processes.redis("replay", "always");
                RedisTap tap = new RedisTap(redis.port())) {
            JsonObject parts = FrameParts.measure(100, 2);
            Progress.say("verify / HMAC: %.1f", parts.getDouble("verify_us") / parts.getDouble("hmac_us"));
            List<LocalBrain> brains = processes.pair(redis, tap.port());
            try {
                ServerUnderTest underTest = RunProcesses.serverUnderTest(brains, redis);
                TwoNodes.awaitBoth(underTest);
                ingest(underTest, tap, replayed);
                scenarios(underTest);
            } finally {
                brains.parallelStream().forEach(LocalBrain::close);
            }
            ServerUnderTest bare = RunProcesses.serverUnderTest(server);
            JsonObject run = Ingest.closed(100, 4, WARM_UP, SECONDS)
                    .run(bare, RunProcesses.unknownAgents(), acked -> new JsonObject().put("ok", acked.drained()));
            Progress.say("bare server: %.0f frames/s", run.getDouble("frames_per_s"));
        }
        Progress.say("All scenarios ran, and the brain stored every acknowledged event");
    }

    private static void ingest(ServerUnderTest underTest, RedisTap tap, LocalRedis replayed) {
        say("ingest, one event", Ingest.closed(1, 4, WARM_UP, SECONDS).run(underTest));
        say("ingest, open loop", Ingest.open(10, 4, 50, WARM_UP, SECONDS).run(underTest));
        try (BenchProject benchProject = BenchProject.of(underTest.rest(), 4, 0)) {
            tap.mark();
            JsonObject run = Ingest.closed(100, 4, WARM_UP, SECONDS)
                    .run(underTest, benchProject.agents(), StoredCheck.of(underTest, benchProject));
            say("ingest, 100 events", run);
            int frames = run.getJsonObject("check").getInteger("stored_frames");
            Recording recording = tap.recording(frames, "{" + benchProject.projectId() + "/0}:events");
            RedisReplay replay = new RedisReplay(replayed.port(), LocalRedis.PASSWORD, replayed.pid());
            Progress.say("replay: %.0f frames/s", replay.run(recording, 8, 1).getDouble("frames_per_s"));
            try (VertxPlayer client = new VertxPlayer(replayed.port(), LocalRedis.PASSWORD)) {
                Progress.say(
                        "Vert.x client: %.0f frames/s",
                        replay.run(recording, 1, client).getDouble("frames_per_s"));
            }
        }
    }

    private static void scenarios(ServerUnderTest underTest) {
        JsonObject connect = new Connect(60, 16).run(underTest);
        Progress.say("connect: %.0f handshakes/s", connect.getDouble("handshakes_per_s"));
        JsonObject idle = new Idle(60, 16, 0).run(underTest);
        Progress.say("idle: %d connections", idle.getInteger("connections"));
        JsonObject command = new Commands(5, 5).run(underTest);
        Progress.say(
                "command: a hop of %.0f us", command.getJsonObject("hop_ms").getDouble("p50") * 1e3);
        JsonObject caps = new Caps(10, 30, 1).run(underTest);
        Progress.say("caps: %.0f claims/s", caps.getDouble("claims_per_s"));
        say("mixed", new Mixed(30, 2, 5, WARM_UP, 2).run(underTest));
        projection(underTest);
    }

    private static void projection(ServerUnderTest underTest) {
        ProjectionLoad load = new ProjectionLoad(Ingest.open(20, 4, 20, WARM_UP, SECONDS), PROJECTION_LIMIT);
        JsonObject run = load.run(underTest);
        if (!run.getBoolean("caught_up") || run.getInteger("unseen_tasks") > 0) {
            throw new IllegalStateException("The brain has not projected all events: " + run.encode());
        }
        say("projection", run);
        try (BenchProject project = BenchProject.of(underTest.rest(), 4, 0)) {
            JsonObject behind = new Backlog(20, 4, 500, PROJECTION_LIMIT).run(underTest, project);
            JsonObject lists = new TaskLists(1, PROJECTION_LIMIT).run(underTest, project);
            Progress.say(
                    "projection from behind: %.0f events/s; lists of %d tasks: %.0f ms",
                    behind.getDouble("events_per_s"), lists.getLong("tasks"), lists.getDouble("worst_p95_ms"));
        }
    }

    private static void say(String what, JsonObject run) {
        Progress.say(
                "%s: %.0f events/s, p99 %.1f ms",
                what, run.getDouble("events_per_s"), run.getJsonObject("ack_ms").getDouble("p99"));
    }
}
