package dev.ganglion.benchmarks.load;

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
    public JsonObject run(Bed bed) {
        try (Estate estate = Estate.of(bed.rest(), AGENTS, 0);
                Fleet fleet = bed.fleet()) {
            fleet.open(estate.agents(), connections / 4, atOnce, LIMIT); // Warms up the brain.
            fleet.leave();
            Fleet.pause(500);
            fleet.measure();
            Gauges before = Gauges.of(bed);
            long begin = System.nanoTime();
            fleet.begin(estate.agents(), connections, atOnce);
            while (fleet.online() < connections) {
                if (System.nanoTime() - begin > LIMIT.toNanos()) {
                    throw new IllegalStateException("Only " + fleet.online() + " of " + connections + " are online");
                }
                Fleet.pause(STEP_MS);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            Gauges after = Gauges.of(bed);
            int seen = bed.rest().get("/cluster").getInteger("connections");
            if (seen < connections) {
                throw new IllegalStateException("The brain reports " + seen + " of " + connections + " connections");
            }
            return new JsonObject()
                    .put("scenario", "connect")
                    .put("connections", connections)
                    .put("at_once", atOnce)
                    .put("seconds", seconds)
                    .put("handshakes_per_s", connections / seconds)
                    .put("handshake_ms", Latency.of(fleet.meter().handshakes))
                    .put("cost", after.cost(before, connections, "handshake"))
                    .put("check", new JsonObject().put("online", seen).put("ok", true));
        }
    }
}
