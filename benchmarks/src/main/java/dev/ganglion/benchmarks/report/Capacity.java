package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;
import static dev.ganglion.benchmarks.report.Rounds.least;

import java.util.Locale;
import java.util.Map;

/** What nodes and shards carry by the measured costs: each is a queue, and the first to be full is the wall. */
final class Capacity {
    /** At this part of what it could do, a queue's mean wait is a little over two services. */
    private static final double UTILISATION = 0.7;

    private static final int CORES = 2;
    private static final int[][] SHAPES = {{1, 1}, {2, 1}, {4, 1}, {4, 2}, {8, 2}, {8, 4}, {16, 8}};
    private static final double MICROS = 1e6;

    private Capacity() {}

    /** The table, empty if the costs were not measured. */
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
                + " cores | shards | frames/s at ρ = 0.7 | events/s | what binds |\n" + "|---|---|---|---|---|---|\n"
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
                    nodes < shards ? "the nodes' cores" : "the masters' threads"));
        }
        return out.toString();
    }
}
