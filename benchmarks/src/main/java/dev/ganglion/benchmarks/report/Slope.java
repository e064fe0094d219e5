package dev.ganglion.benchmarks.report;

import java.util.Arrays;
import java.util.List;

/** Fits a straight line through samples and returns its change from the first to the last sample. */
public final class Slope {
    private Slope() {}

    /**
     * Theil-Sen estimator: the median of the slopes between every two samples, in percent of the samples' median. A few
     * outliers do not tilt this line, for example samples taken while the machine's host stalled.
     */
    public static double percent(List<Double> samples) {
        int count = samples.size();
        double[] slopes = new double[count * (count - 1) / 2];
        int at = 0;
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                slopes[at++] = (samples.get(j) - samples.get(i)) / (j - i);
            }
        }
        double middle = median(samples.stream().mapToDouble(value -> value).toArray());
        return middle == 0 ? 0 : 100 * median(slopes) * (count - 1) / middle;
    }

    private static double median(double[] values) {
        if (values.length == 0) {
            return 0;
        }
        Arrays.sort(values);
        int half = values.length / 2;
        return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }

    /** Least-squares fit, in percent of the samples' mean. Outliers weigh more than in {@link #percent}. */
    public static double leastSquaresPercent(List<Double> samples) {
        int count = samples.size();
        double middle = (count - 1) / 2.0;
        double mean = samples.stream().mapToDouble(value -> value).average().orElse(0);
        double above = 0;
        double below = 0;
        for (int i = 0; i < count; i++) {
            above += (i - middle) * (samples.get(i) - mean);
            below += (i - middle) * (i - middle);
        }
        return below == 0 || mean == 0 ? 0 : 100 * above / below * (count - 1) / mean;
    }
}
