package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.ceilings.Recording;
import dev.ganglion.benchmarks.ceilings.RedisTap;
import dev.ganglion.benchmarks.load.Bed;
import dev.ganglion.benchmarks.load.Estate;
import dev.ganglion.benchmarks.load.Fleet;
import dev.ganglion.benchmarks.load.Ingest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** Records the commands that a brain sends to Redis when it receives frames. */
final class Recorder {
    private static final int SINGLES = 8;
    private static final int AT_ONCE = 16;
    private static final long RECORD_STEP_MS = 20;

    private final Lab lab;
    private final int connections;
    private final int frames;

    Recorder(Lab lab, int connections, int frames) {
        this.lab = lab;
        this.connections = connections;
        this.frames = frames;
    }

    /** Records frames that arrive one after the other, so that each one is a call of its own. */
    Recording single() {
        try (LocalRedis redis = lab.redis("record", "always");
                RedisTap tap = new RedisTap(redis.port());
                LocalBrain brain = lab.brain(redis.uri(tap.port()))) {
            Bed bed = Lab.bed(List.of(brain), redis);
            try (Estate estate = Estate.of(bed.rest(), SINGLES, 0)) {
                tap.mark();
                long taken = 0;
                for (int i = 0; i < SINGLES; i++) {
                    taken = send(bed, estate, i, frames / SINGLES, new Ingest(1, 1, 1, 0, 0, 0));
                }
                return tap.recording((int) taken, stream(estate));
            }
        }
    }

    /** Records frames in the groups that a brain under load makes. */
    Recording grouped(int events) {
        try (LocalRedis redis = lab.redis("record", "always");
                RedisTap tap = new RedisTap(redis.port());
                LocalBrain brain = lab.brain(redis.uri(tap.port()))) {
            Bed bed = Lab.bed(List.of(brain), redis);
            // Warms up the brain, because a cold brain makes other groups.
            JsonObject unused = Ingest.closed(events, connections, 3, 1).run(bed);
            try (Estate estate = Estate.of(bed.rest(), connections, 0)) {
                tap.mark();
                long taken = send(bed, estate, -1, frames, Ingest.closed(events, connections, 0, 0));
                return tap.recording((int) taken, stream(estate));
            }
        }
    }

    /** Sends about this many frames and returns how many frames the project then has. */
    private static long send(Bed bed, Estate estate, int only, int wanted, Ingest how) {
        long before = stored(bed, estate);
        var agents = only < 0 ? estate.agents() : estate.agents().subList(only, only + 1);
        try (Fleet fleet = bed.fleet()) {
            fleet.eventsPerFrame(how.events());
            fleet.open(agents, how.connections(), AT_ONCE, Duration.ofSeconds(20));
            fleet.closedLoop(how.window());
            while (stored(bed, estate) - before < wanted) {
                Fleet.pause(RECORD_STEP_MS);
            }
            if (!fleet.drain(Duration.ofSeconds(20))) {
                throw new IllegalStateException("Frames remain without an ack after 20 s");
            }
        }
        return stored(bed, estate);
    }

    private static long stored(Bed bed, Estate estate) {
        return bed.redis().orElseThrow().number("XLEN", stream(estate));
    }

    private static String stream(Estate estate) {
        return "{" + estate.projectId() + "/0}:events";
    }
}
