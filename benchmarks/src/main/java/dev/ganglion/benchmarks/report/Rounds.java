package dev.ganglion.benchmarks.report;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Picks figures from the rounds of a measurement. The best round counts, because other work on the machine only makes
 * figures worse.
 */
final class Rounds {
    private Rounds() {}

    /** Returns the number at a dotted path in a result; NaN if there is none. */
    static double at(JsonObject result, String path) {
        JsonObject in = result;
        String[] names = path.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            in = in == null ? null : in.getJsonObject(names[i]);
        }
        Number number = in == null ? null : in.getNumber(names[names.length - 1]);
        return number == null ? Double.NaN : number.doubleValue();
    }

    static double least(List<JsonObject> rounds, ToDoubleFunction<JsonObject> of) {
        return rounds.stream()
                .mapToDouble(of)
                .filter(value -> !Double.isNaN(value))
                .min()
                .orElse(Double.NaN);
    }

    static double most(List<JsonObject> rounds, ToDoubleFunction<JsonObject> of) {
        return rounds.stream()
                .mapToDouble(of)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(Double.NaN);
    }

    /** Returns the median; of an even number of rounds, the lower of the two in the middle. */
    static double middle(List<JsonObject> rounds, ToDoubleFunction<JsonObject> of) {
        double[] values = rounds.stream()
                .mapToDouble(of)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return values.length == 0 ? Double.NaN : values[(values.length - 1) / 2];
    }

    static double ratio(JsonObject round, String above, String below) {
        return at(round, above) / at(round, below);
    }
}
