package dev.ganglion.benchmarks.report;

import java.util.Locale;

/**
 * A target and what was measured of it.
 *
 * @param target its number
 * @param what is compared
 * @param figure what came out, NaN if it was not measured
 * @param bound what it should be
 * @param atMost whether the bound is an upper one
 * @param unit of both
 * @param note what else belongs to it
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

    /** Whether the target is met. */
    boolean met() {
        return measured() && (atMost ? figure <= bound : figure >= bound);
    }

    /** A row of the table. */
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
