package dev.ganglion.benchmarks.projection;

import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.load.BenchProject;
import dev.ganglion.benchmarks.load.Rest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * The size of a project's projection, as the brain's REST API reports it.
 *
 * @param events number of events that were projected
 * @param tasks number of tasks
 */
record Projected(long events, long tasks) {
    private static final long POLL_MS = 100;

    static Projected of(Rest rest, BenchProject project) {
        JsonObject stats = rest.get("/projects/" + project.slug() + "/stats");
        return new Projected(
                stats.getJsonObject("events").getLong("total"),
                stats.getJsonObject("tasks").getLong("total"));
    }

    /**
     * Waits until as many events were projected as were acknowledged, or until the time is over. More events than that
     * throw an exception: the brain projected some of them twice.
     */
    static Projected await(Rest rest, BenchProject project, long acked, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        Projected now = of(rest, project);
        while (now.events < acked && System.nanoTime() < end) {
            Fleet.pause(POLL_MS);
            now = of(rest, project);
        }
        if (now.events > acked) {
            throw new IllegalStateException("The brain projected " + now.events + " events of " + acked);
        }
        return now;
    }
}
