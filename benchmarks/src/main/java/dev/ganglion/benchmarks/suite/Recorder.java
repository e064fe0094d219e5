package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.ceilings.Recording;
import dev.ganglion.benchmarks.ceilings.RedisTap;
import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.load.BenchProject;
import dev.ganglion.benchmarks.load.Ingest;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** Records the commands that a brain sends to Redis when it receives frames. */
final class Recorder {
    private static final int SINGLES = 8;
    private static final int AT_ONCE = 16;
    private static final long RECORD_STEP_MS = 20;

    private final RunProcesses processes;
    private final int connections;
    private final int frames;

    Recorder(RunProcesses processes, int connections, int frames) {
        this.processes = processes;
        this.connections = connections;
        this.frames = frames;
    }

    /** Records frames that arrive one after the other, so that each one is a call of its own. */
    Recording single() {
        try (LocalRedis redis = processes.redis("record", "always");
                RedisTap tap = new RedisTap(redis.port());
                LocalBrain brain = processes.brain(redis.uri(tap.port()))) {
            ServerUnderTest underTest = RunProcesses.serverUnderTest(List.of(brain), redis);
            try (BenchProject benchProject = BenchProject.of(underTest.rest(), SINGLES, 0)) {
                tap.mark();
                long taken = 0;
                for (int i = 0; i < SINGLES; i++) {
                    taken = send(underTest, benchProject, i, frames / SINGLES, new Ingest(1, 1, 1, 0, 0, 0));
                }
                return tap.recording((int) taken, stream(benchProject));
            }
        }
    }

    /** Records frames in the groups that a brain under load makes. */
    Recording grouped(int events) {
        try (LocalRedis redis = processes.redis("record", "always");
                RedisTap tap = new RedisTap(redis.port());
                LocalBrain brain = processes.brain(redis.uri(tap.port()))) {
            ServerUnderTest underTest = RunProcesses.serverUnderTest(List.of(brain), redis);
            // Warms up the brain, because a cold brain makes other groups.
            JsonObject unused = Ingest.closed(events, connections, 3, 1).run(underTest);
            try (BenchProject benchProject = BenchProject.of(underTest.rest(), connections, 0)) {
                tap.mark();
                long taken = send(underTest, benchProject, -1, frames, Ingest.closed(events, connections, 0, 0));
                return tap.recording((int) taken, stream(benchProject));
            }
        }
    }

    /** Sends about this many frames and returns how many frames the project then has. */
    private static long send(ServerUnderTest underTest, BenchProject benchProject, int only, int wanted, Ingest how) {
        long before = stored(underTest, benchProject);
        var agents = only < 0 ? benchProject.agents() : benchProject.agents().subList(only, only + 1);
        try (Fleet fleet = underTest.fleet()) {
            fleet.eventsPerFrame(how.events());
            fleet.open(agents, how.connections(), AT_ONCE, Duration.ofSeconds(20));
            fleet.closedLoop(how.window());
            while (stored(underTest, benchProject) - before < wanted) {
                Fleet.pause(RECORD_STEP_MS);
            }
            if (!fleet.drain(Duration.ofSeconds(20))) {
                throw new IllegalStateException("Frames remain without an ack after 20 s");
            }
        }
        return stored(underTest, benchProject);
    }

    private static long stored(ServerUnderTest underTest, BenchProject benchProject) {
        return underTest.redis().orElseThrow().number("XLEN", stream(benchProject));
    }

    private static String stream(BenchProject benchProject) {
        return "{" + benchProject.projectId() + "/0}:events";
    }
}
