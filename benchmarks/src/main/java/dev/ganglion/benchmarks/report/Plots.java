package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the charts of a results folder. Measurements that are missing have no chart. */
final class Plots {
    private static final List<String> PERCENTILES = List.of("p50", "p90", "p99", "p999", "max");

    private Plots() {}

    static void write(ResultFolder results) {
        List<JsonObject> ingest = results.runs("ingest");
        if (!ingest.isEmpty()) {
            results.write("throughput.svg", throughput(ingest));
        }
        List<JsonObject> open = results.runs("open");
        if (!open.isEmpty()) {
            results.write("latency.svg", latency(open));
        }
        List<JsonObject> loads = results.runs("projection-load");
        if (!loads.isEmpty()) {
            results.write("projection.svg", lag(loads));
        }
        Map<String, Double> single = CostByPart.of(results, 1);
        Map<String, Double> batch = CostByPart.of(results, 100);
        if (!single.isEmpty() && !batch.isEmpty()) {
            Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
            rows.put("1 event", single);
            rows.put("100 events", batch);
            results.write("cost.svg", Chart.stacks("CPU time of the brain per frame, by part", "µs", rows));
        }
        results.get("idle")
                .ifPresent(idle -> results.get("idle-stock").ifPresent(stock -> {
                    Map<String, double[]> series = new LinkedHashMap<>();
                    series.put("ganglion", memory(idle));
                    series.put("stock Vert.x", memory(stock));
                    results.write(
                            "memory.svg",
                            Chart.bars("Memory per idle connection", "KiB", List.of("heap", "resident"), series));
                }));
    }

    private static String throughput(List<JsonObject> runs) {
        List<String> categories = runs.stream()
                .map(run -> run.getInteger("events_per_frame"))
                .distinct()
                .sorted()
                .map(events -> events + (events == 1 ? " event" : " events"))
                .toList();
        Map<String, double[]> series = new LinkedHashMap<>();
        runs.stream()
                .map(run -> run.getInteger("connections"))
                .distinct()
                .sorted()
                .forEach(connections -> {
                    double[] values = runs.stream()
                            .filter(run -> run.getInteger("connections").equals(connections))
                            .sorted((one, other) ->
                                    one.getInteger("events_per_frame") - other.getInteger("events_per_frame"))
                            .mapToDouble(run -> at(run, "events_per_s"))
                            .toArray();
                    series.put(connections + (connections == 1 ? " connection" : " connections"), values);
                });
        return Chart.lines("Durable, acknowledged events by batch size", "events/s", categories, series);
    }

    private static String latency(List<JsonObject> runs) {
        return percentiles("Ack latency since the due time, 100 events, open loop", runs, "% of capacity", "ack_ms.");
    }

    private static String lag(List<JsonObject> runs) {
        return percentiles(
                "Lag of projections: from the ack until REST has the task", runs, "% of the ack rate", "lag_ms.");
    }

    private static String percentiles(String title, List<JsonObject> runs, String ofWhat, String field) {
        Map<String, double[]> series = new LinkedHashMap<>();
        runs.forEach(run -> series.put(
                Math.round(at(run, "load") * 100) + " " + ofWhat,
                PERCENTILES.stream().mapToDouble(name -> at(run, field + name)).toArray()));
        return Chart.lines(title, "ms", List.of("p50", "p90", "p99", "p99.9", "max"), series);
    }

    private static double[] memory(JsonObject run) {
        return new double[] {
            at(run, "heap_bytes_per_connection") / 1024, at(run, "resident_bytes_per_connection") / 1024
        };
    }
}
