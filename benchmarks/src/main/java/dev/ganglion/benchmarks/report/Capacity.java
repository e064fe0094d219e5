package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;
import static dev.ganglion.benchmarks.report.Rounds.least;

import java.util.Locale;
import java.util.Map;

/**
 * Computes from the measured costs how many frames a number of nodes and shards can carry. Each node and each shard is
 * a queue. The queue that fills up first is the bottleneck.
 */
final class Capacity {
    /** At this utilisation the mean wait of a queue is a little over two service times. */
    private static final double UTILISATION = 0.7;

    private static final int CORES = 2;
    private static final int[][] SHAPES = {{1, 1}, {2, 1}, {4, 1}, {4, 2}, {8, 2}, {8, 4}, {16, 8}};
    private static final double MICROS = 1e6;

    private Capacity() {}

    /** The table in Markdown; empty if the costs were not measured. */
    static String table(ResultFolder results) {
        StringBuilder out = new StringBuilder();
        for (int events : new int[] {1, 100}) {
            Map<String, Double> parts = CostByPart.of(results, events);
            double redis = least(
                    results.runs("ceilings-" + events + "-always"),
                    round -> at(round, "brain.cost.redis_us_per_frame"));
            if (parts.isEmpty() || Double.isNaN(redis)) {
                return "";
            }
            out.append(rows(events, CostByPart.total(parts), redis));
        }
        return "| events per frame | nodes of " + CORES
                + " cores | shards | frames/s at ρ = 0.7 | events/s | bottleneck |\n" + "|---|---|---|---|---|---|\n"
                + out;
    }

    private static String rows(int events, double brain, double redis) {
        StringBuilder out = new StringBuilder();
        for (int[] shape : SHAPES) {
            double nodes = UTILISATION * shape[0] * CORES / brain * MICROS;
            double shards = UTILISATION * shape[1] / redis * MICROS;
            double frames = Math.min(nodes, shards);
            out.append(String.format(
                    Locale.ROOT,
                    "| %d (b = %.0f µs, r = %.0f µs) | %d | %d | %,.0f | %,.0f | %s |%n",
                    events,
                    brain,
                    redis,
                    shape[0],
                    shape[1],
                    frames,
                    frames * events,
                    nodes < shards ? "CPU of the nodes" : "thread of the Redis masters"));
        }
        return out.toString();
    }
}
