package dev.ganglion.api;

import dev.ganglion.telemetry.OverviewCounts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of the time that frames took to take effect, with the bucket bounds of {@link OverviewCounts#BOUNDS_MS}.
 *
 * @param counts number of frames per bucket: one bucket for each bound and one above the last bound; empty if nothing
 *     was counted
 */
record AckLatency(List<Long> counts) {

    /**
     * Returns the frames counted between two snapshots. A node of another version may use other bounds; a snapshot of a
     * different size yields an empty histogram.
     */
    static AckLatency between(List<Long> before, List<Long> after) {
        int buckets = OverviewCounts.BOUNDS_MS.size() + 1;
        if (before.size() != buckets || after.size() != buckets) {
            return new AckLatency(List.of());
        }
        List<Long> counts = new ArrayList<>(buckets);
        for (int i = 0; i < buckets; i++) {
            counts.add(Math.max(0, after.get(i) - before.get(i)));
        }
        return new AckLatency(counts);
    }

    AckLatency plus(AckLatency other) {
        if (counts.isEmpty() || other.counts.isEmpty()) {
            return counts.isEmpty() ? other : this;
        }
        List<Long> sums = new ArrayList<>(counts.size());
        for (int i = 0; i < counts.size(); i++) {
            sums.add(counts.get(i) + other.counts.get(i));
        }
        return new AckLatency(sums);
    }

    /**
     * Returns a quantile of the latency in milliseconds: the fraction {@code fraction} of the frames took at most this
     * long. It interpolates linearly within a bucket. A quantile above the last bound yields that bound. Returns null
     * if no frames were counted.
     */
    @Nullable
    Double quantileMs(double fraction) {
        long total = counts.stream().mapToLong(Long::longValue).sum();
        if (total == 0) {
            return null;
        }
        double wanted = fraction * total;
        double passed = 0;
        double from = 0;
        for (int i = 0; i < OverviewCounts.BOUNDS_MS.size(); i++) {
            double to = OverviewCounts.BOUNDS_MS.get(i);
            long count = counts.get(i);
            if (count > 0 && passed + count >= wanted) {
                return from + (to - from) * (wanted - passed) / count;
            }
            passed += count;
            from = to;
        }
        return from;
    }
}
