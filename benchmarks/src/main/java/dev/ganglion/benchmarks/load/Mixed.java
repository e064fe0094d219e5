package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.generator.Meter;
import dev.ganglion.benchmarks.load.StoredCheck.Acked;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Simulates a typical fleet: every agent sends heartbeats and, on a schedule, frames of one event. One agent also
 * receives commands.
 *
 * @param agents number of agents, each with one worker
 * @param eventsPerSecond rate of each agent
 * @param commandsPerSecond rate of all commands
 * @param warmUpSeconds time before the measurement
 * @param seconds length of the measurement
 */
public record Mixed(
        int agents, double eventsPerSecond, double commandsPerSecond, double warmUpSeconds, double seconds) {
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Duration OPEN_LIMIT = Duration.ofSeconds(60);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);
    private static final int AT_ONCE = 32;

    /** Runs the scenario. */
    public JsonObject run(ServerUnderTest underTest) {
        try (BenchProject benchProject = BenchProject.of(underTest.rest(), agents, 0);
                Fleet fleet = underTest.fleet()) {
            fleet.eventsPerFrame(1);
            fleet.open(benchProject.agents(), agents, AT_ONCE, OPEN_LIMIT);
            fleet.heartbeats(HEARTBEAT);
            fleet.openLoop(agents * eventsPerSecond, 0);
            AtomicBoolean running = new AtomicBoolean(true);
            AtomicLong issued = new AtomicLong();
            Thread operator = operator(underTest, benchProject, running, issued);
            Fleet.pause((long) (warmUpSeconds * 1e3));
            ResourceUsage before = ResourceUsage.of(underTest);
            fleet.measure();
            long begin = System.nanoTime();
            Fleet.pause((long) (seconds * 1e3));
            Meter measured = fleet.meter();
            double took = (System.nanoTime() - begin) / 1e9;
            ResourceUsage after = ResourceUsage.of(underTest);
            running.set(false);
            join(operator);
            boolean drained = fleet.drain(DRAIN_LIMIT);
            Meter all = fleet.meter();
            JsonObject check = StoredCheck.of(underTest, benchProject)
                    .verify(new Acked(
                            all.ackedFrames(), all.ackedEvents(), drained, all.rejectedEvents(), all.endings()));
            if (all.commands() < issued.get()) {
                throw new IllegalStateException(
                        "The agent received " + all.commands() + " of " + issued.get() + " commands");
            }
            return new JsonObject()
                    .put("scenario", "mixed")
                    .put("agents", agents)
                    .put("offered_events_per_s", agents * eventsPerSecond)
                    .put("seconds", took)
                    .put("events_per_s", measured.measuredEvents() / took)
                    .put("commands", issued.get())
                    .put("heartbeats", all.heartbeats())
                    .put("ack_ms", Latency.of(measured.acks()))
                    .put("cost", after.cost(before, measured.measuredFrames(), "frame"))
                    .put("check", check);
        }
    }

    /** Issues commands for the first agent on each node in turn, from a thread of its own. */
    private Thread operator(
            ServerUnderTest underTest, BenchProject benchProject, AtomicBoolean running, AtomicLong issued) {
        Thread operator = new Thread(
                () -> {
                    while (running.get() && commandsPerSecond > 0) {
                        Rest node = underTest.nodes().get((int)
                                (issued.get() % underTest.nodes().size()));
                        String unused = Commands.issue(node, benchProject);
                        issued.incrementAndGet();
                        Fleet.pause((long) (1e3 / commandsPerSecond));
                    }
                },
                "operator");
        operator.start();
        return operator;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
