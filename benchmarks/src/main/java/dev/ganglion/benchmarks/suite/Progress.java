package dev.ganglion.benchmarks.suite;

import java.util.Locale;

/** Prints the progress of a run on the console. */
final class Progress {
    private static final long BEGIN = System.nanoTime();

    private Progress() {}

    /** Whether the run has taken longer than this. If so, it prints that the remaining rounds are skipped. */
    static boolean late(double minutes) {
        boolean late = System.nanoTime() - BEGIN > minutes * 60e9;
        if (late) {
            say("skipping the remaining rounds: the machine is slow, and the run must end within 30 minutes");
        }
        return late;
    }

    static void say(String text, Object... values) {
        long seconds = (System.nanoTime() - BEGIN) / 1_000_000_000;
        String line = values.length == 0 ? text : String.format(Locale.ROOT, text, values);
        System.out.printf(Locale.ROOT, "[%2d:%02d] %s%n", seconds / 60, seconds % 60, line);
    }
}
