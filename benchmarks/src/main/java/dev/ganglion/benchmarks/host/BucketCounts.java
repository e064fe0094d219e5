package dev.ganglion.benchmarks.host;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A histogram of a metrics page: how many values were at most a bound, which goes up to infinity. */
public final class BucketCounts {
    private final NavigableMap<Double, Double> upTo;

    private BucketCounts(NavigableMap<Double, Double> upTo) {
        this.upTo = upTo;
    }

    /** Of these counts by their bounds. */
    static BucketCounts of(Map<Double, Double> upTo) {
        return new BucketCounts(new TreeMap<>(upTo));
    }

    /** What came since an earlier reading of the same histogram. */
    public BucketCounts since(BucketCounts earlier) {
        NavigableMap<Double, Double> now = new TreeMap<>(upTo);
        earlier.upTo.forEach((bound, count) -> now.merge(bound, count, (all, before) -> all - before));
        return new BucketCounts(now);
    }

    /** How many values. */
    public double count() {
        return upTo.isEmpty() ? 0 : upTo.lastEntry().getValue();
    }

    /**
     * The value below which that share of all is, as if they were spread evenly within each bucket; the highest finite
     * bound when it is above that, NaN when there are none.
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
