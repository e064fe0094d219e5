package dev.ganglion.benchmarks.load;

import io.vertx.core.json.JsonObject;
import org.HdrHistogram.Histogram;

/** Converts a histogram of microseconds to percentiles in milliseconds. */
public final class Latency {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};
    private static final String[] NAMES = {"p50", "p90", "p99", "p999", "max"};

    private Latency() {}

    /** The count, four percentiles and the maximum of a histogram. */
    public static JsonObject of(Histogram micros) {
        JsonObject json = new JsonObject().put("count", micros.getTotalCount());
        for (int i = 0; i < PERCENTILES.length; i++) {
            json.put(NAMES[i], micros.getValueAtPercentile(PERCENTILES[i]) / 1e3);
        }
        return json;
    }
}
