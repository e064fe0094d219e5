package dev.ganglion.chaos;

import java.util.List;

/**
 * How an experiment ended.
 *
 * @param samples how often the live slots were counted
 * @param over samples above a cap
 * @param figures what was measured, in words
 * @param faults what does not hold
 */
record Outcome(Counts counts, int samples, int over, List<String> figures, List<String> faults) {
    boolean good() {
        return counts.good() && over == 0 && samples > 0 && faults.isEmpty();
    }

    String inWords() {
        return String.format(
                "acked %d, stored %d, duplicated %d, lost %d; commands issued %d, completed %d, timed out %d, twice %d"
                        + " (elsewhere, where it may be: %d); REST calls %d, failed %d; refused %d; at the cap %d;"
                        + " over-admitted %d of %d samples",
                counts.acked(),
                counts.stored(),
                counts.duplicated(),
                counts.lost(),
                counts.issued(),
                counts.completed(),
                counts.timedOut(),
                counts.twice(),
                counts.elsewhere(),
                counts.calls(),
                counts.failedCalls(),
                counts.refused(),
                counts.atCap(),
                over,
                samples);
    }
}
