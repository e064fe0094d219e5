package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.generator.Credential;
import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.generator.Meter;
import dev.ganglion.benchmarks.load.StoredCheck.Acked;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * Sends event batches as fast as the server acknowledges them (closed loop) or at a fixed rate (open loop).
 *
 * @param events number of events per frame
 * @param connections number of connections
 * @param window batches in flight per connection, in a closed loop
 * @param framesPerSecond rate of an open loop; 0 for a closed loop
 * @param warmUpSeconds time before the measurement
 * @param seconds length of the measurement
 */
public record Ingest(
        int events, int connections, int window, double framesPerSecond, double warmUpSeconds, double seconds) {
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(60);
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(2);
    private static final int AGENTS = 64;
    private static final int AT_ONCE = 32;
    private static final int TOTAL_WINDOW = 128;
    private static final int MAX_WINDOW = 32;

    /** Creates a closed loop with 128 batches in flight in all: from 1 to 32 per connection. */
    public static Ingest closed(int events, int connections, double warmUpSeconds, double seconds) {
        int window = Math.max(1, Math.min(MAX_WINDOW, TOTAL_WINDOW / connections));
        return new Ingest(events, connections, window, 0, warmUpSeconds, seconds);
    }

    /** Creates an open loop. */
    public static Ingest open(int events, int connections, double framesPerSecond, double warmUp, double seconds) {
        return new Ingest(events, connections, 0, framesPerSecond, warmUp, seconds);
    }

    /** Takes part in a run. Every method is called once, in this order, on the thread of the run. */
    public interface Observer {
        /** All connections are online, and no batch was sent yet. */
        default void opened(Fleet fleet) {}

        /** The measurement begins. */
        default void begins() {}

        /** The measurement ended, and the load goes on. */
        default void ends(Meter measured) {}

        /** The load ended, and the server acknowledged everything or timed out. Returns what to add to the result. */
        default JsonObject drained(Meter all) {
            return new JsonObject();
        }
    }

    /** Runs the scenario with a project of its own. */
    public JsonObject run(ServerUnderTest underTest) {
        try (BenchProject benchProject = BenchProject.of(underTest.rest(), Math.min(connections, AGENTS), 0)) {
            return run(underTest, benchProject.agents(), StoredCheck.of(underTest, benchProject));
        }
    }

    /** Runs the scenario with existing agents and the given check. */
    public JsonObject run(ServerUnderTest underTest, List<Credential> agents, StoredCheck check) {
        return run(underTest, agents, check, new Observer() {});
    }

    /** Does the same with an observer. */
    public JsonObject run(ServerUnderTest underTest, List<Credential> agents, StoredCheck check, Observer observer) {
        try (Fleet fleet = underTest.fleet()) {
            fleet.eventsPerFrame(events);
            fleet.open(agents, connections, AT_ONCE, OPEN_LIMIT);
            observer.opened(fleet);
            if (framesPerSecond > 0) {
                fleet.openLoop(framesPerSecond, 0);
            } else {
                fleet.closedLoop(window);
            }
            Fleet.pause((long) (warmUpSeconds * 1e3));
            observer.begins();
            ResourceUsage before = ResourceUsage.of(underTest);
            fleet.measure();
            long begin = System.nanoTime();
            Fleet.pause((long) (seconds * 1e3));
            Meter measured = fleet.meter();
            double took = (System.nanoTime() - begin) / 1e9;
            ResourceUsage after = ResourceUsage.of(underTest);
            observer.ends(measured);
            boolean drained = fleet.drain(DRAIN_LIMIT);
            Meter all = fleet.meter();
            JsonObject observed = observer.drained(all);
            JsonObject result = new JsonObject()
                    .put("scenario", "ingest")
                    .put("events_per_frame", events)
                    .put("connections", connections)
                    .put("loop", framesPerSecond > 0 ? "open" : "closed")
                    .put("offered_frames_per_s", framesPerSecond)
                    .put("window", window)
                    .put("seconds", took)
                    .put("frames_per_s", measured.measuredFrames() / took)
                    .put("events_per_s", measured.measuredEvents() / took)
                    .put("ack_ms", Latency.of(measured.acks()))
                    .put("cost", after.cost(before, measured.measuredFrames(), "frame"));
            return result.mergeIn(observed)
                    .put(
                            "check",
                            check.verify(new Acked(
                                    all.ackedFrames(),
                                    all.ackedEvents(),
                                    drained,
                                    all.rejectedEvents(),
                                    all.endings())));
        }
    }
}
