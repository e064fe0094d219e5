package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.generator.Credential;
import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.host.Heap;
import dev.ganglion.benchmarks.host.ProcessFigures;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens many idle connections. It measures heap and resident memory per connection. It also measures how these
 * connections, once they send heartbeats, affect the ack latency of one busy agent.
 *
 * @param connections number of idle connections
 * @param atOnce most handshakes in progress at once
 * @param busySeconds how long the busy agent is measured, alone and among the others; 0 skips that
 */
public record Idle(int connections, int atOnce, double busySeconds) {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int PER_AGENT = 60;
    private static final int BUSY_FRAMES_PER_SECOND = 200;
    private static final int BUSY_EVENTS = 10;
    private static final double WARM_UP_SECONDS = 3;

    /** Runs the scenario against a brain. */
    public JsonObject run(ServerUnderTest underTest) {
        int agents = Math.max(1, connections / PER_AGENT);
        try (BenchProject benchProject = BenchProject.of(underTest.rest(), agents + 1, 0)) {
            List<Credential> idle = benchProject.agents().subList(1, agents + 1);
            List<Credential> busy = benchProject.agents().subList(0, 1);
            JsonObject alone = busySeconds > 0 ? busy(underTest, busy) : null;
            JsonObject result = memory(underTest, idle, () -> busySeconds > 0 ? busy(underTest, busy) : null);
            if (alone != null) {
                result.put("busy_alone_ms", alone);
            }
            return result;
        }
    }

    /**
     * Runs the scenario against any server with these agents. {@code among} runs while all connections are open and
     * send heartbeats.
     */
    public JsonObject memory(ServerUnderTest underTest, List<Credential> agents, Supplier<@Nullable JsonObject> among) {
        long pid = underTest.brainPids().get(0);
        try (Fleet fleet = underTest.fleet()) {
            fleet.open(agents, Math.min(connections, 500), atOnce, LIMIT); // Loads all classes.
            fleet.leave();
            Fleet.pause(2_000);
            long heapBefore = Heap.liveBytes(pid);
            ProcessFigures before = ProcessFigures.of(pid);
            long begin = System.nanoTime();
            fleet.open(agents, connections, atOnce, LIMIT);
            double seconds = (System.nanoTime() - begin) / 1e9;
            long heap = Heap.liveBytes(pid);
            ProcessFigures after = ProcessFigures.of(pid);
            fleet.heartbeats(Mixed.HEARTBEAT);
            JsonObject busy = among.get();
            long left = fleet.online();
            if (left != connections) {
                throw new IllegalStateException(left + " of " + connections + " connections remain; ended: "
                        + fleet.meter().endings());
            }
            JsonObject result = new JsonObject()
                    .put("scenario", "idle")
                    .put("connections", connections)
                    .put("opened_in_s", seconds)
                    .put("heap_bytes_per_connection", (double) (heap - heapBefore) / connections)
                    .put(
                            "resident_bytes_per_connection",
                            (double) (after.residentBytes() - before.residentBytes()) / connections)
                    .put("descriptors", after.descriptors())
                    .put("check", new JsonObject().put("online", left).put("ok", true));
            if (busy != null) {
                result.put("busy_among_ms", busy);
            }
            return result;
        }
    }

    private JsonObject busy(ServerUnderTest underTest, List<Credential> agent) {
        JsonObject run = Ingest.open(BUSY_EVENTS, 1, BUSY_FRAMES_PER_SECOND, WARM_UP_SECONDS, busySeconds)
                .run(underTest, agent, acked -> {
                    if (!acked.drained() || !acked.endings().isEmpty()) {
                        throw new IllegalStateException("The busy agent lost its connection or an ack");
                    }
                    return new JsonObject().put("ok", true);
                });
        return run.getJsonObject("ack_ms");
    }
}
