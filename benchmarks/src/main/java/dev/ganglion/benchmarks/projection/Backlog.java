package dev.ganglion.benchmarks.projection;

import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.generator.Meter;
import dev.ganglion.benchmarks.host.RedisProbe;
import dev.ganglion.benchmarks.load.BenchProject;
import dev.ganglion.benchmarks.load.ResourceUsage;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import dev.ganglion.benchmarks.load.StoredCheck;
import dev.ganglion.benchmarks.load.StoredCheck.Acked;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * Writes events while nothing is projected, then lets the brain project them, and measures how fast it does so and what
 * that costs. No frames arrive meanwhile.
 *
 * @param eventsPerFrame number of events per frame
 * @param connections number of agents, each with one connection
 * @param events number of events, at least
 * @param limit longest time for projecting
 */
public record Backlog(int eventsPerFrame, int connections, long events, Duration limit) {
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);
    private static final Duration WRITE_LIMIT = Duration.ofMinutes(3);
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(1);
    private static final int AT_ONCE = 32;
    private static final int WINDOW = 2;
    private static final long SETTLE_MS = 1_000;

    /** Runs the scenario in a project of its own. */
    public JsonObject run(ServerUnderTest underTest) {
        try (BenchProject project = BenchProject.of(underTest.rest(), connections, 0)) {
            return run(underTest, project);
        }
    }

    /** Runs the scenario in a new project with that many agents. The project keeps the tasks. */
    public JsonObject run(ServerUnderTest underTest, BenchProject project) {
        RedisProbe redis = underTest.redis().orElseThrow();
        long acked;
        JsonObject check;
        try (HeldLease lease = HeldLease.hold(redis, project)) {
            Meter written = write(underTest, project);
            acked = written.ackedEvents();
            check = StoredCheck.of(underTest, project)
                    .verify(new Acked(written.ackedFrames(), acked, true, written.rejectedEvents(), written.endings()));
            Fleet.pause(SETTLE_MS);
            long before = usedMemory(redis);
            Projected none = Projected.of(underTest.rest(), project);
            if (none.events() > 0) {
                throw new IllegalStateException(
                        "The brain projected " + none.events() + " events although it did not hold the lease");
            }
            lease.release();
            JsonObject result = project(underTest, project, acked);
            long grown = result.getLong("memory_after") - before;
            return result.put("events", acked)
                    .put("memory_before", before)
                    .put("redis_bytes_per_task", (double) grown / Math.max(1, result.getLong("tasks")))
                    .put("check", check);
        }
    }

    private Meter write(ServerUnderTest underTest, BenchProject project) {
        try (Fleet fleet = underTest.fleet()) {
            fleet.taskEventsPerFrame(eventsPerFrame);
            fleet.open(project.agents(), connections, AT_ONCE, OPEN_LIMIT);
            fleet.closedLoop(WINDOW);
            long end = System.nanoTime() + WRITE_LIMIT.toNanos();
            while (fleet.meter().ackedEvents() < events && System.nanoTime() < end) {
                Fleet.pause(2);
            }
            if (!fleet.drain(DRAIN_LIMIT)) {
                throw new IllegalStateException("Frames remain without an ack after " + DRAIN_LIMIT.toSeconds() + " s");
            }
            return fleet.meter();
        }
    }

    private JsonObject project(ServerUnderTest underTest, BenchProject project, long acked) {
        RedisProbe redis = underTest.redis().orElseThrow();
        ResourceUsage before = ResourceUsage.of(underTest);
        long begin = System.nanoTime();
        Projected projected = Projected.await(underTest.rest(), project, acked, limit);
        double seconds = (System.nanoTime() - begin) / 1e9;
        JsonObject cost = ResourceUsage.of(underTest).cost(before, projected.events(), "event");
        // Stops the projector, so that the memory of Redis and the number of tasks are read in the same state. The
        // caller releases this lease.
        HeldLease unused = HeldLease.hold(redis, project);
        Fleet.pause(SETTLE_MS);
        Projected end = Projected.of(underTest.rest(), project);
        return new JsonObject()
                .put("scenario", "projection-behind")
                .put("events_per_frame", eventsPerFrame)
                .put("connections", connections)
                .put("projected_events", projected.events())
                .put("all_projected", projected.events() == acked)
                .put("seconds", seconds)
                .put("events_per_s", projected.events() / seconds)
                .put("cost", cost)
                .put("tasks", end.tasks())
                .put("memory_after", usedMemory(redis));
    }

    private static long usedMemory(RedisProbe redis) {
        return Long.parseLong(redis.infoField("used_memory"));
    }
}
