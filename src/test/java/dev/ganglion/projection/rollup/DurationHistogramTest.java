package dev.ganglion.projection.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the histogram of durations, whose percentiles have a documented error. */
class DurationHistogramTest {
    @Test
    void bucketsFollowEachOtherWithoutGaps() {
        int before = -1;
        for (long duration = 0; duration < 1 << 20; duration++) {
            int bucket = DurationHistogram.bucket(duration);
            assertThat(bucket - before).as("%d ms", duration).isIn(0, 1);
            before = bucket;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 31, 32, 33, 63, 64, 1_000, 86_400_000, Integer.MAX_VALUE, (1L << 32) - 1})
    void theMiddleOfABucketDiffersByAtMostAThirtySecond(long duration) {
        long middle = DurationHistogram.middle(DurationHistogram.bucket(duration));

        assertThat(Math.abs(middle - duration) * 32).isLessThanOrEqualTo(duration);
    }

    @Test
    void percentilesKeepTheDocumentedError() {
        Random random = new Random(7);
        long[] durations = random.doubles(5_000, 0, 16)
                .mapToLong(exponent -> (long) Math.exp(exponent))
                .toArray();
        DurationHistogram histogram = new DurationHistogram();
        Arrays.stream(durations).forEach(duration -> histogram.add(duration, 1));
        Arrays.sort(durations);

        for (double share : new double[] {0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 1}) {
            long exact = durations[(int) Math.ceil(share * durations.length) - 1];
            assertThat(Math.abs(histogram.percentile(share) - exact) * 32)
                    .as("percentile %s", share)
                    .isLessThanOrEqualTo(exact);
        }
        assertThat(histogram.count()).isEqualTo(5_000);
    }

    @Test
    void extremeDurationsCount() {
        DurationHistogram histogram = new DurationHistogram();
        histogram.add(-5, 1);
        histogram.add(Long.MAX_VALUE, 1);

        assertThat(histogram.count()).isEqualTo(2);
        assertThat(histogram.percentile(0)).isZero();
        assertThat(histogram.longest()).isGreaterThan(Integer.MAX_VALUE);
    }

    @Test
    void anEmptyHistogramHasNoPercentile() {
        assertThat(new DurationHistogram().percentile(0.5)).isEqualTo(-1);
    }

    @Test
    void aCorrectionRemovesWhatItCorrects() {
        DurationHistogram histogram = new DurationHistogram();
        histogram.add(700, -1);
        assertThat(histogram.count()).isZero();
        histogram.add(700, 1);

        assertThat(histogram.isEmpty()).isTrue();
        assertThat(histogram.longest()).isEqualTo(-1);
    }
}
