package dev.ganglion.benchmarks.suite;

import java.util.Locale;

/** Says on the console how far a run is. */
final class Progress {
    private static final long BEGIN = System.nanoTime();

    private Progress() {}

    /** Whether the run has taken longer than this, so that what is left is measured once: it is said. */
    static boolean late(double minutes) {
        boolean late = System.nanoTime() - BEGIN > minutes * 60e9;
        if (late) {
            say("no more rounds of this: the machine is slow, and all is to be done in 25 minutes");
        }
        return late;
    }

    static void say(String text, Object... values) {
        long seconds = (System.nanoTime() - BEGIN) / 1_000_000_000;
        String said = values.length == 0 ? text : String.format(Locale.ROOT, text, values);
        System.out.printf(Locale.ROOT, "[%2d:%02d] %s%n", seconds / 60, seconds % 60, said);
    }
}
