package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.ceilings.Recording;
import dev.ganglion.benchmarks.ceilings.RedisBenchmark;
import dev.ganglion.benchmarks.ceilings.RedisReplay;
import dev.ganglion.benchmarks.ceilings.VertxPlayer;
import dev.ganglion.benchmarks.cost.BusHop;
import dev.ganglion.benchmarks.cost.FrameParts;
import dev.ganglion.benchmarks.host.ChildProcess;
import dev.ganglion.benchmarks.load.Ingest;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import dev.ganglion.benchmarks.load.StoredCheck;
import dev.ganglion.benchmarks.report.ResultFolder;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures a brain in turns with its parts: bare sockets, the same commands replayed to Redis, the Vert.x client with
 * the same commands, and a plain XADD. It does so for frames of 1 and of 100 events, with {@code appendfsync} always
 * and everysec.
 */
final class Ceilings {
    static final String[] SYNCS = {"always", "everysec"};
    static final int[] EVENTS = {1, 100};

    private static final int RECORDED_CONNECTIONS = 16;
    private static final int[] CONNECTIONS = {16, 64};
    private static final int SHALLOW = 8;
    private static final int DEEP = 32;
    /** Factor by which the warm-up of a brain's first run is longer, so that the JIT compiler is done. */
    private static final int COMPILE = 5;

    private static final int PASSES = 2;
    private static final int PART_ROUNDS = 20;
    private static final int XADD_LANES = 4;

    private final RunProcesses processes;
    private final Extent extent;
    private final ResultFolder results;

    Ceilings(RunProcesses processes, Extent extent, ResultFolder results) {
        this.processes = processes;
        this.extent = extent;
        this.results = results;
    }

    void run() {
        Recorder recorder = new Recorder(processes, RECORDED_CONNECTIONS, extent.recorded());
        Recording single = recorder.single();
        Recording grouped = recorder.grouped(1);
        Recording batches = recorder.grouped(100);
        Progress.say("recordings of %d, %d and %d frames", single.frames(), grouped.frames(), batches.frames());
        try (ChildProcess server = processes.bareServer()) {
            ServerUnderTest bare = RunProcesses.serverUnderTest(server);
            for (String sync : SYNCS) {
                try (LocalRedis redis = processes.redis("ceiling", sync);
                        LocalRedis replayed = processes.redis("replay", sync);
                        LocalBrain brain = processes.brain(redis.uri(redis.port()), "redis.durability=" + sync);
                        VertxPlayer client = new VertxPlayer(replayed.port(), LocalRedis.PASSWORD)) {
                    ServerUnderTest underTest = RunProcesses.serverUnderTest(List.of(brain), redis);
                    Turns turns = new Turns(underTest, bare, replayed, client, sync);
                    results.put("ceilings-1-" + sync, turns.rounds(1, grouped, single));
                    results.put("ceilings-100-" + sync, turns.rounds(100, batches, null));
                }
            }
        }
        results.put(
                "bus-hop",
                new JsonObject()
                        .put("us_per_frame", BusHop.measure(extent.ingest().rounds())));
    }

    /** All rounds with one setting of {@code appendfsync}. */
    private final class Turns {
        private final ServerUnderTest brain;
        private final ServerUnderTest bare;
        private final LocalRedis replayed;
        private final VertxPlayer client;
        private final String sync;
        private final RedisReplay replay;
        private final Map<Recording, Integer> depths = new HashMap<>();
        private int connections;

        Turns(ServerUnderTest brain, ServerUnderTest bare, LocalRedis replayed, VertxPlayer client, String sync) {
            this.brain = brain;
            this.bare = bare;
            this.replayed = replayed;
            this.client = client;
            this.sync = sync;
            this.replay = new RedisReplay(replayed.port(), LocalRedis.PASSWORD, replayed.pid());
        }

        List<JsonObject> rounds(int events, Recording recording, @Nullable Recording single) {
            Recording plain = Recording.plainXadd(extent.recorded(), XADD_LANES, FrameSize.events(events));
            JsonObject unused = replay.run(recording, 1, client);
            connections = CONNECTIONS[0];
            unused = ingest(events, COMPILE * extent.ingest().warmUpSeconds());
            connections = bestConnections(events);
            unused = bareRun(events);
            List<JsonObject> rounds = new ArrayList<>();
            for (int round = 0; round < extent.ingest().rounds(); round++) {
                if (round > 0 && Progress.late(Extent.LAST_CEILING)) {
                    break;
                }
                rounds.add(round(events, recording, single, plain));
                Progress.say("ceilings: %d events, %s, round %d", events, sync, round + 1);
            }
            return rounds;
        }

        private JsonObject round(int events, Recording recording, @Nullable Recording single, Recording plain) {
            JsonObject round = new JsonObject().put("events", events).put("sync", sync);
            round.put("brain", betterOfTwo(events));
            SingleNode.shrink(brain);
            round.put("replay", best(recording));
            if (single != null) {
                round.put("replay_single", best(single));
            }
            client.reset();
            JsonObject viaClient = replay.run(recording, PASSES, client);
            round.put("client", viaClient.put("client_us_per_frame", client.microsPerFrame()));
            int payload = FrameSize.events(events);
            JsonObject xadd = best(plain);
            RedisBenchmark.plainXadd(
                            replayed.port(),
                            LocalRedis.PASSWORD,
                            XADD_LANES,
                            xadd.getInteger("depth"),
                            payload,
                            extent.recorded())
                    .ifPresent(rate -> xadd.put("redis_benchmark_per_s", rate));
            round.put("plain_xadd", xadd.put("payload_bytes", payload));
            round.put("bare", bareRun(events));
            round.put("parts", FrameParts.measure(events, PART_ROUNDS));
            return round;
        }

        /** Replays a recording at the depth that gives the best rate. The first call finds that depth. */
        private JsonObject best(Recording recording) {
            Integer known = depths.get(recording);
            if (known != null) {
                return replay.run(recording, known, PASSES);
            }
            JsonObject best = replay.run(recording, SHALLOW, PASSES);
            depths.put(recording, SHALLOW);
            JsonObject deep = replay.run(recording, DEEP, PASSES);
            if (deep.getDouble("frames_per_s") > best.getDouble("frames_per_s")) {
                best = deep;
                depths.put(recording, DEEP);
            }
            return best;
        }

        /**
         * Finds the number of connections at which the brain does best. A replay runs at its best depth in the same
         * way.
         */
        private int bestConnections(int events) {
            int best = connections;
            double most = 0;
            for (int tried : CONNECTIONS) {
                connections = tried;
                double rate = ingest(events, extent.ingest().warmUpSeconds()).getDouble("frames_per_s");
                SingleNode.shrink(brain);
                if (rate > most) {
                    most = rate;
                    best = tried;
                }
            }
            return best;
        }

        /**
         * Returns the better of two runs, because a replay also has two passes: Redis allocates memory in the first and
         * has it in the second.
         */
        private JsonObject betterOfTwo(int events) {
            JsonObject first = ingest(events, extent.ingest().warmUpSeconds());
            JsonObject second = ingest(events, extent.ingest().warmUpSeconds());
            return first.getDouble("frames_per_s") > second.getDouble("frames_per_s") ? first : second;
        }

        private JsonObject ingest(int events, double warmUp) {
            return Ingest.closed(events, connections, warmUp, extent.ingest().seconds())
                    .run(brain);
        }

        private JsonObject bareRun(int events) {
            StoredCheck none = acked -> new JsonObject().put("ok", acked.drained());
            return Ingest.closed(
                            events,
                            connections,
                            extent.ingest().warmUpSeconds() / 2,
                            extent.ingest().seconds())
                    .run(bare, RunProcesses.unknownAgents(), none);
        }
    }
}
