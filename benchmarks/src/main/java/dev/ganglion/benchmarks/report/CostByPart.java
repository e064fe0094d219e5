package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;

import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Splits the brain's CPU time per frame into parts. Each part is measured alone; the remainder is the difference to the
 * whole.
 */
public final class CostByPart {
    private CostByPart() {}

    /**
     * CPU time in microseconds by part, for frames with this many events, from the round with the lowest cost. Empty if
     * the costs were not measured.
     */
    public static Map<String, Double> of(ResultFolder results, int events) {
        Map<String, Double> parts = new LinkedHashMap<>();
        results.runs("ceilings-" + events + "-always").stream()
                .min(Comparator.comparingDouble(round -> at(round, "brain.cost.brain_us_per_frame")))
                .ifPresent(round -> fill(parts, round, busHop(results)));
        return parts;
    }

    private static double busHop(ResultFolder results) {
        return results.get("bus-hop").map(hop -> at(hop, "us_per_frame")).orElse(0.0);
    }

    private static void fill(Map<String, Double> parts, JsonObject round, double busHop) {
        double verify = at(round, "parts.verify_us");
        double hmac = at(round, "parts.hmac_us");
        parts.put("socket", at(round, "bare.cost.brain_us_per_frame"));
        parts.put("copy", at(round, "parts.copy_us"));
        parts.put("parse and canonicalise", verify - hmac);
        parts.put("HMAC", hmac);
        parts.put("check and take events", at(round, "parts.verify_and_take_us") - verify);
        parts.put("bus hop", busHop);
        parts.put("Redis client", at(round, "client.client_us_per_frame"));
        parts.put("ack", at(round, "parts.ack_us"));
        parts.put("projections", known(round, "brain.cost.brain_workers_us_per_frame"));
        parts.put("garbage collection", known(round, "brain.cost.brain_collector_us_per_frame"));
        parts.put("JIT", known(round, "brain.cost.brain_compiler_us_per_frame"));
        double sum = parts.values().stream().mapToDouble(part -> part).sum();
        parts.put("remainder", at(round, "brain.cost.brain_us_per_frame") - sum);
    }

    private static double known(JsonObject round, String path) {
        double value = at(round, path);
        return Double.isNaN(value) ? 0 : value;
    }

    /** The sum of all parts. */
    public static double total(Map<String, Double> parts) {
        return parts.values().stream().mapToDouble(part -> part).sum();
    }
}
