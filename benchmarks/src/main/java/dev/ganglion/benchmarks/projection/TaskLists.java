package dev.ganglion.benchmarks.projection;

import dev.ganglion.benchmarks.load.BenchProject;
import dev.ganglion.benchmarks.load.Latency;
import dev.ganglion.benchmarks.load.Rest;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import dev.ganglion.benchmarks.workload.TaskEvents;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Times the first page of a project's list of tasks, for every combination of its filters.
 *
 * @param requests number of requests for each combination
 * @param limit longest time for each combination
 */
public record TaskLists(int requests, Duration limit) {
    private static final String[] FILTERS = {"state", "name", "queue", "worker"};
    private static final int PAGE = 50;
    private static final long MAX_MICROS = 600_000_000;
    private static final int WARM_UP_PART = 4;

    /** Runs the scenario against a project that has tasks. No events arrive meanwhile. */
    public JsonObject run(ServerUnderTest underTest, BenchProject project) {
        JsonArray combinations = new JsonArray();
        double worst = 0;
        for (int chosen = 0; chosen < 1 << FILTERS.length; chosen++) {
            JsonObject one = combination(underTest.rest(), project, chosen);
            worst = Math.max(worst, one.getJsonObject("ms").getDouble("p95"));
            combinations.add(one);
        }
        return new JsonObject()
                .put("scenario", "lists")
                .put("tasks", Projected.of(underTest.rest(), project).tasks())
                .put("page", PAGE)
                .put("worst_p95_ms", worst)
                .put("combinations", combinations);
    }

    private JsonObject combination(Rest rest, BenchProject project, int chosen) {
        Histogram micros = new Histogram(MAX_MICROS, 3);
        long end = System.nanoTime() + limit.toNanos();
        int incomplete = 0;
        int warmUp = Math.max(1, requests / WARM_UP_PART);
        for (int i = 0; i < warmUp + requests && (System.nanoTime() < end || micros.getTotalCount() == 0); i++) {
            String path = "/projects/" + project.slug() + "/tasks?limit=" + PAGE + filters(chosen, i);
            long begin = System.nanoTime();
            JsonObject page = rest.get(path);
            long took = (System.nanoTime() - begin) / 1_000;
            if (i >= warmUp) {
                micros.recordValue(Math.min(MAX_MICROS, took));
                incomplete += page.getString("next_cursor") != null
                                && page.getJsonArray("items").size() < PAGE
                        ? 1
                        : 0;
            }
        }
        return new JsonObject()
                .put("filters", named(chosen))
                .put("ms", Latency.of(micros).put("p95", micros.getValueAtPercentile(95) / 1e3))
                .put("incomplete_pages", incomplete);
    }

    /** The query of the chosen filters, with other values in each request. */
    private static String filters(int chosen, int request) {
        String[] values = {
            request % 2 == 0 ? "failure" : "started",
            TaskEvents.NAMES.get(request % TaskEvents.NAMES.size()),
            TaskEvents.QUEUES.get(request % TaskEvents.QUEUES.size()),
            TaskEvents.worker(request)
        };
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < FILTERS.length; i++) {
            if ((chosen >> i & 1) == 1) {
                query.append('&').append(FILTERS[i]).append('=').append(values[i]);
            }
        }
        return query.toString();
    }

    private static String named(int chosen) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < FILTERS.length; i++) {
            if ((chosen >> i & 1) == 1) {
                names.add(FILTERS[i]);
            }
        }
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
