package dev.ganglion.benchmarks.report;

import java.util.List;

/** Whether something stays as it is: the straight line through its samples. */
public final class Slope {
    private Slope() {}

    /** How much the line changes from the first sample to the last, in percent of the samples' mean. */
    public static double percent(List<Double> samples) {
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
