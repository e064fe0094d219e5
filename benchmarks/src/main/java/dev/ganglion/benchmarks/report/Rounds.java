package dev.ganglion.benchmarks.report;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Rounds of one measurement: of N the best counts, since what else the machine does only makes things worse. */
final class Rounds {
    private Rounds() {}

    /** A number deep in a result, by a path with dots; NaN if it is not there. */
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

    /** Of an even number the lower of the two. */
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
