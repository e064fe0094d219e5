package dev.ganglion.benchmarks.report;

import java.util.Locale;

/**
 * A target and its measured figure.
 *
 * @param target number of the target
 * @param what the compared quantities
 * @param figure the measured figure; NaN if it was not measured
 * @param bound the target value
 * @param atMost whether the bound is an upper bound
 * @param unit unit of the figure and the bound
 * @param note further conditions; may be empty
 */
public record Verdict(int target, String what, double figure, double bound, boolean atMost, String unit, String note) {
    private static final double SMALL = 10;

    static Verdict atMost(int target, String what, double figure, double bound, String unit, String note) {
        return new Verdict(target, what, figure, bound, true, unit, note);
    }

    static Verdict atLeast(int target, String what, double figure, double bound, String unit, String note) {
        return new Verdict(target, what, figure, bound, false, unit, note);
    }

    /** Whether there is a figure. */
    boolean measured() {
        return !Double.isNaN(figure);
    }

    /** Whether the figure meets the target. */
    boolean met() {
        return measured() && (atMost ? figure <= bound : figure >= bound);
    }

    /** The row of the table in Markdown. */
    String row() {
        String sign = atMost ? "≤ " : "≥ ";
        String verdict;
        if (!measured()) {
            verdict = "not measured";
        } else if (met()) {
            verdict = "met";
        } else {
            double miss = atMost ? figure / bound - 1 : 1 - figure / bound;
            verdict = String.format(Locale.ROOT, "**missed by %.0f %%**", 100 * miss);
        }
        String shown = measured() ? number(figure) + unit : "-";
        return "| " + target + " | " + what + (note.isEmpty() ? "" : " (" + note + ")") + " | " + shown + " | " + sign
                + number(bound) + unit + " | " + verdict + " |";
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        return String.format(Locale.ROOT, Math.abs(value) < SMALL ? "%.2f" : "%,.0f", value);
    }
}
