package dev.ganglion.chaos;

import java.util.List;

/**
 * The result of an experiment.
 *
 * @param counts totals of the load
 * @param samples number of times that the live slots were counted
 * @param over number of samples above a cap
 * @param figures measurements, in words
 * @param faults violated requirements, in words
 */
record Outcome(LoadTotals counts, int samples, int over, List<String> figures, List<String> faults) {
    boolean good() {
        return counts.good() && over == 0 && samples > 0 && faults.isEmpty();
    }

    String inWords() {
        return String.format(
                "acked %d, stored %d, duplicated %d, lost %d; commands issued %d, completed %d, timed out %d, executed"
                        + " twice %d (allowed on another worker: %d); REST calls %d, failed %d; rejected %d; at the cap %d;"
                        + " over-admitted %d of %d samples",
                counts.events().acked(),
                counts.events().stored(),
                counts.events().duplicated(),
                counts.events().lost(),
                counts.commands().issued(),
                counts.commands().completed(),
                counts.commands().timedOut(),
                counts.commands().twice(),
                counts.commands().elsewhere(),
                counts.calls(),
                counts.failedCalls(),
                counts.refused(),
                counts.atCap(),
                over,
                samples);
    }
}
