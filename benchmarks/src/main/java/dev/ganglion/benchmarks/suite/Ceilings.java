package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.ceilings.Recording;
import dev.ganglion.benchmarks.ceilings.RedisBenchmark;
import dev.ganglion.benchmarks.ceilings.RedisReplay;
import dev.ganglion.benchmarks.ceilings.RedisTap;
import dev.ganglion.benchmarks.ceilings.VertxPlayer;
import dev.ganglion.benchmarks.cost.BusHop;
import dev.ganglion.benchmarks.cost.FrameParts;
import dev.ganglion.benchmarks.host.ChildProcess;
import dev.ganglion.benchmarks.load.Bed;
import dev.ganglion.benchmarks.load.Estate;
import dev.ganglion.benchmarks.load.Fleet;
import dev.ganglion.benchmarks.load.Ingest;
import dev.ganglion.benchmarks.load.StoredCheck;
import dev.ganglion.benchmarks.report.ResultFolder;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A brain in turns with the parts that it is made of: bare sockets, the same commands replayed to Redis, the Vert.x
 * client with the same commands, and a plain XADD; for frames of one event and of a hundred, with both kinds of sync.
 */
final class Ceilings {
    static final String[] SYNCS = {"always", "everysec"};
    static final int[] EVENTS = {1, 100};

    private static final int CONNECTIONS = 16;
    private static final int SINGLES = 8;
    private static final int[] DEPTHS = {8, 32};
    private static final int XADD_LANES = 4;
    private static final long RECORD_STEP_MS = 20;

    private final Lab lab;
    private final Plan plan;
    private final ResultFolder results;

    Ceilings(Lab lab, Plan plan, ResultFolder results) {
        this.lab = lab;
        this.plan = plan;
        this.results = results;
    }

    void run() {
        Recording single = record(1);
        Recording grouped = recordGrouped(1);
        Recording batches = recordGrouped(100);
        Progress.say("recorded %d, %d and %d frames", single.frames(), grouped.frames(), batches.frames());
        try (ChildProcess server = lab.bareServer()) {
            Bed bare = Lab.bed(server);
            for (String sync : SYNCS) {
                try (LocalRedis redis = lab.redis("ceiling", sync);
                        LocalRedis replayed = lab.redis("replay", sync);
                        LocalBrain brain = lab.brain(redis.uri(redis.port()), "redis.durability=" + sync);
                        VertxPlayer client = new VertxPlayer(replayed.port(), LocalRedis.PASSWORD)) {
                    Bed bed = Lab.bed(List.of(brain), redis);
                    Turns turns = new Turns(bed, bare, replayed, client, sync);
                    results.put("ceilings-1-" + sync, turns.rounds(1, grouped, single));
                    results.put("ceilings-100-" + sync, turns.rounds(100, batches, null));
                }
            }
        }
        results.put("bus-hop", new JsonObject().put("us_per_frame", BusHop.measure(plan.rounds())));
    }

    // --- Recording ---

    /** Frames one after the other: every one is a call of its own. */
    private Recording record(int events) {
        try (LocalRedis redis = lab.redis("record", "always");
                RedisTap tap = new RedisTap(redis.port());
                LocalBrain brain = lab.brain(redis.uri(tap.port()))) {
            Bed bed = Lab.bed(List.of(brain), redis);
            try (Estate estate = Estate.of(bed.rest(), SINGLES, 0)) {
                tap.mark();
                long frames = 0;
                for (int i = 0; i < SINGLES; i++) {
                    frames = send(bed, estate, i, plan.recorded() / SINGLES, new Ingest(events, 1, 1, 0, 0, 0));
                }
                return tap.recording((int) frames, stream(estate));
            }
        }
    }

    /** Frames as a brain under load groups them. */
    private Recording recordGrouped(int events) {
        try (LocalRedis redis = lab.redis("record", "always");
                RedisTap tap = new RedisTap(redis.port());
                LocalBrain brain = lab.brain(redis.uri(tap.port()))) {
            Bed bed = Lab.bed(List.of(brain), redis);
            if (!plan.smoke()) { // so that it groups as a warm one does
                JsonObject unused = Ingest.closed(events, CONNECTIONS, 3, 1).run(bed);
            }
            try (Estate estate = Estate.of(bed.rest(), CONNECTIONS, 0)) {
                tap.mark();
                long frames = send(bed, estate, -1, plan.recorded(), Ingest.closed(events, CONNECTIONS, 0, 0));
                return tap.recording((int) frames, stream(estate));
            }
        }
    }

    /** Sends about so many frames, and gives how many the project has by then. */
    private static long send(Bed bed, Estate estate, int only, int frames, Ingest how) {
        long before = stored(bed, estate);
        var agents = only < 0 ? estate.agents() : estate.agents().subList(only, only + 1);
        try (Fleet fleet = bed.fleet()) {
            fleet.eventsPerFrame(how.events());
            fleet.open(agents, how.connections(), CONNECTIONS, Duration.ofSeconds(20));
            fleet.closedLoop(how.window());
            while (stored(bed, estate) - before < frames) {
                Fleet.pause(RECORD_STEP_MS);
            }
            if (!fleet.drain(Duration.ofSeconds(20))) {
                throw new IllegalStateException("acks are missing");
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

    // --- In turns ---

    /** Everything of one kind of sync. */
    private final class Turns {
        private final Bed brain;
        private final Bed bare;
        private final LocalRedis replayed;
        private final VertxPlayer client;
        private final String sync;
        private final RedisReplay replay;

        Turns(Bed brain, Bed bare, LocalRedis replayed, VertxPlayer client, String sync) {
            this.brain = brain;
            this.bare = bare;
            this.replayed = replayed;
            this.client = client;
            this.sync = sync;
            this.replay = new RedisReplay(replayed.port(), LocalRedis.PASSWORD, replayed.pid());
        }

        List<JsonObject> rounds(int events, Recording recording, Recording single) {
            JsonObject unused = replay.run(recording, 1, client);
            unused = ingest(brain, events, plan.warmUpSeconds());
            unused = bareRun(events);
            List<JsonObject> rounds = new ArrayList<>();
            for (int round = 0; round < plan.rounds(); round++) {
                rounds.add(round(events, recording, single));
                Progress.say("ceilings: %d events, %s, round %d", events, sync, round + 1);
            }
            return rounds;
        }

        private JsonObject round(int events, Recording recording, Recording single) {
            JsonObject round = new JsonObject().put("events", events).put("sync", sync);
            round.put("brain", ingest(brain, events, plan.warmUpSeconds()));
            SingleNode.shrink(brain);
            round.put("replay", best(recording));
            if (single != null) {
                round.put("replay_single", best(single));
            }
            client.restart();
            JsonObject viaClient = replay.run(recording, 2, client);
            round.put("client", viaClient.put("client_us_per_frame", client.microsPerFrame()));
            int payload = FrameSize.events(events);
            Recording plain = Recording.plainXadd(plan.recorded(), XADD_LANES, payload);
            JsonObject xadd = best(plain);
            RedisBenchmark.plainXadd(
                            replayed.port(), LocalRedis.PASSWORD, XADD_LANES, xadd.getInteger("depth"), payload,
                            plan.recorded())
                    .ifPresent(rate -> xadd.put("redis_benchmark_per_s", rate));
            round.put("plain_xadd", xadd.put("payload_bytes", payload));
            round.put("bare", bareRun(events));
            round.put("parts", FrameParts.measure(events, plan.samplerRounds()));
            return round;
        }

        /** The depth that does best. */
        private JsonObject best(Recording recording) {
            JsonObject best = null;
            for (int depth : DEPTHS) {
                JsonObject run = replay.run(recording, depth, 2);
                if (best == null || run.getDouble("frames_per_s") > best.getDouble("frames_per_s")) {
                    best = run;
                }
            }
            return best;
        }

        private JsonObject ingest(Bed bed, int events, double warmUp) {
            return Ingest.closed(events, CONNECTIONS, warmUp, plan.seconds()).run(bed);
        }

        private JsonObject bareRun(int events) {
            StoredCheck none = acked -> new JsonObject().put("ok", acked.drained());
            return Ingest.closed(events, CONNECTIONS, plan.warmUpSeconds() / 2, plan.seconds())
                    .run(bare, Lab.anybody(), none);
        }
    }
}
