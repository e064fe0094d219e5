package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.generator.Fleet;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * Measures handshakes of many workers from several source addresses.
 *
 * @param connections total number of workers
 * @param atOnce most handshakes in progress at once
 */
public record Connect(int connections, int atOnce) {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int AGENTS = 32;
    private static final long STEP_MS = 2;

    /** Runs the scenario. */
    public JsonObject run(ServerUnderTest underTest) {
        try (BenchProject benchProject = BenchProject.of(underTest.rest(), AGENTS, 0);
                Fleet fleet = underTest.fleet()) {
            fleet.open(benchProject.agents(), connections / 4, atOnce, LIMIT); // Warms up the brain.
            fleet.leave();
            Fleet.pause(500);
            fleet.measure();
            ResourceUsage before = ResourceUsage.of(underTest);
            long begin = System.nanoTime();
            fleet.begin(benchProject.agents(), connections, atOnce);
            while (fleet.online() < connections) {
                if (System.nanoTime() - begin > LIMIT.toNanos()) {
                    throw new IllegalStateException("Only " + fleet.online() + " of " + connections + " are online");
                }
                Fleet.pause(STEP_MS);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            ResourceUsage after = ResourceUsage.of(underTest);
            int seen = underTest.rest().get("/cluster").getInteger("connections");
            if (seen < connections) {
                throw new IllegalStateException("The brain reports " + seen + " of " + connections + " connections");
            }
            return new JsonObject()
                    .put("scenario", "connect")
                    .put("connections", connections)
                    .put("at_once", atOnce)
                    .put("seconds", seconds)
                    .put("handshakes_per_s", connections / seconds)
                    .put("handshake_ms", Latency.of(fleet.meter().handshakes()))
                    .put("cost", after.cost(before, connections, "handshake"))
                    .put("check", new JsonObject().put("online", seen).put("ok", true));
        }
    }
}
