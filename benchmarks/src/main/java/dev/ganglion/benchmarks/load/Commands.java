package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.host.BucketCounts;
import dev.ganglion.benchmarks.host.MetricsPage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * Issues commands for an agent of the first node, one after the other and on each node in turn. It measures the time
 * until the agent receives a command and the time until REST reports its outcome.
 *
 * <p>A hop lasts from waking up the agent's node until that node has claimed the command. The other node reports it in
 * its metrics.
 *
 * @param warmUp number of uncounted commands on each node before the measurement
 * @param rounds number of measured commands on each node
 */
public record Commands(int warmUp, int rounds) {
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(20);
    private static final long MAX_MICROS = 60_000_000;
    private static final long ARRIVAL_LIMIT_SECONDS = 10;

    /** Runs the scenario. */
    public JsonObject run(ServerUnderTest underTest) {
        int nodes = underTest.nodes().size();
        Histogram[] delivered = new Histogram[nodes];
        Histogram[] completed = new Histogram[nodes];
        for (int i = 0; i < nodes; i++) {
            delivered[i] = new Histogram(MAX_MICROS, 3);
            completed[i] = new Histogram(MAX_MICROS, 3);
        }
        try (BenchProject benchProject = BenchProject.of(underTest.rest(), 1, 0);
                Fleet fleet = underTest.fleet()) {
            Map<String, CompletableFuture<Long>> arrivals = new ConcurrentHashMap<>();
            fleet.onCommand((id, at) -> arrival(arrivals, id).complete(at));
            fleet.open(benchProject.agents(), 1, 1, OPEN_LIMIT);
            ResourceUsage before = ResourceUsage.of(underTest);
            BucketCounts hopsBefore = hops(underTest);
            for (int i = 0; i < (rounds + warmUp) * nodes; i++) {
                if (i == warmUp * nodes) {
                    hopsBefore = hops(underTest);
                }
                int node = i % nodes;
                long start = System.nanoTime();
                String id = issue(underTest.nodes().get(node), benchProject);
                long arrived = await(arrivals, id);
                awaitOutcome(underTest.nodes().get(node), benchProject, id);
                long end = System.nanoTime();
                if (i >= warmUp * nodes) {
                    delivered[node].recordValue((arrived - start) / 1_000);
                    completed[node].recordValue((end - start) / 1_000);
                }
            }
            ResourceUsage after = ResourceUsage.of(underTest);
            JsonObject result = new JsonObject()
                    .put("scenario", "command")
                    .put("nodes", byNode(delivered, completed))
                    .put("cost", after.cost(before, (long) (rounds + warmUp) * nodes, "command"))
                    .put(
                            "check",
                            new JsonObject().put("completed", rounds * nodes).put("ok", true));
            BucketCounts hops = hops(underTest).since(hopsBefore);
            if (hops.count() > 0) {
                result.put("hop_ms", hopMillis(hops));
                result.put(
                        "longer_way_us_p50",
                        delivered[1].getValueAtPercentile(50) - delivered[0].getValueAtPercentile(50));
            }
            return result;
        }
    }

    private static JsonArray byNode(Histogram[] delivered, Histogram[] completed) {
        JsonArray each = new JsonArray();
        for (int i = 0; i < delivered.length; i++) {
            each.add(new JsonObject()
                    .put("issued_on", i == 0 ? "the agent's node" : "another node")
                    .put("to_agent_ms", Latency.of(delivered[i]))
                    .put("round_trip_ms", Latency.of(completed[i])));
        }
        return each;
    }

    private static JsonObject hopMillis(BucketCounts hops) {
        return new JsonObject()
                .put("count", hops.count())
                .put("p50", hops.percentile(50) * 1e3)
                .put("p90", hops.percentile(90) * 1e3)
                .put("p99", hops.percentile(99) * 1e3);
    }

    /**
     * Reads the hop histogram of the last node: the time from waking up the agent's node until that node has claimed
     * the command.
     */
    private static BucketCounts hops(ServerUnderTest underTest) {
        Rest other = underTest.nodes().get(underTest.nodes().size() - 1);
        return MetricsPage.parse(other.metrics()).buckets("ganglion_command_hop_seconds");
    }

    static String issue(Rest on, BenchProject benchProject) {
        JsonObject body = new JsonObject()
                .put("agent_id", benchProject.agents().get(0).agentId())
                .put("worker_name", "celery@worker-1")
                .put("delta", 1);
        return on.post("/projects/" + benchProject.slug() + "/commands/pool-resize", body)
                .getString("id");
    }

    private static CompletableFuture<Long> arrival(Map<String, CompletableFuture<Long>> arrivals, String id) {
        return arrivals.computeIfAbsent(id, key -> new CompletableFuture<>());
    }

    /** Waits for a command's arrival without polling, because polling would take a processor from the brains. */
    private static long await(Map<String, CompletableFuture<Long>> arrivals, String id) {
        try {
            return arrival(arrivals, id).get(ARRIVAL_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a command", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "A command did not reach its agent within " + ARRIVAL_LIMIT_SECONDS + " s", e);
        }
    }

    private static void awaitOutcome(Rest on, BenchProject benchProject, String id) {
        String status = on.get("/projects/" + benchProject.slug() + "/commands/" + id + "?wait=10")
                .getString("status");
        if (!status.equals("completed")) {
            throw new IllegalStateException("A command ended as " + status + " instead of completed");
        }
    }
}
