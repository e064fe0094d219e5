package dev.ganglion.benchmarks.suite;

import java.util.Locale;

/** Says on the console how far a run is. */
final class Progress {
    private static final long BEGIN = System.nanoTime();

    private Progress() {}

    static void say(String text, Object... values) {
        long seconds = (System.nanoTime() - BEGIN) / 1_000_000_000;
        String said = values.length == 0 ? text : String.format(Locale.ROOT, text, values);
        System.out.printf(Locale.ROOT, "[%2d:%02d] %s%n", seconds / 60, seconds % 60, said);
    }
}
