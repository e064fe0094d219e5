package dev.ganglion.benchmarks.host;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A Prometheus histogram: cumulative counts by upper bound, up to infinity. */
public final class BucketCounts {
    private final NavigableMap<Double, Double> upTo;

    private BucketCounts(NavigableMap<Double, Double> upTo) {
        this.upTo = upTo;
    }

    /** Creates a histogram from cumulative counts by upper bound. */
    static BucketCounts of(Map<Double, Double> upTo) {
        return new BucketCounts(new TreeMap<>(upTo));
    }

    /** Subtracts an earlier reading of the same histogram. */
    public BucketCounts since(BucketCounts earlier) {
        NavigableMap<Double, Double> now = new TreeMap<>(upTo);
        earlier.upTo.forEach((bound, count) -> now.merge(bound, count, (all, before) -> all - before));
        return new BucketCounts(now);
    }

    /** Number of values. */
    public double count() {
        return upTo.isEmpty() ? 0 : upTo.lastEntry().getValue();
    }

    /**
     * Estimates a percentile as if the values were spread evenly within each bucket.
     *
     * @param percent 0 to 100
     * @return the highest finite bound if the percentile lies above it; NaN if there are no values
     */
    public double percentile(double percent) {
        double wanted = count() * percent / 100;
        double bound = 0;
        double below = 0;
        for (Map.Entry<Double, Double> bucket : upTo.entrySet()) {
            if (bucket.getValue() >= wanted && bucket.getValue() > below) {
                double share = (wanted - below) / (bucket.getValue() - below);
                return bucket.getKey().isInfinite() ? bound : bound + share * (bucket.getKey() - bound);
            }
            bound = bucket.getKey();
            below = bucket.getValue();
        }
        return Double.NaN;
    }
}
