package dev.ganglion.config.key;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody most likely meant by a wrong one. */
public final class Spelling {
    private static final int MAX_CHARS = 100;

    private Spelling() {}

    /** Returns the known name that differs in the fewest letters; the first one in alphabetical order of several. */
    public static Optional<String> nearest(String wrong, Collection<String> known) {
        String start = wrong.length() <= MAX_CHARS ? wrong : wrong.substring(0, MAX_CHARS);
        return known.stream()
                .min(Comparator.<String>comparingInt(name -> distance(start, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Returns the Levenshtein distance: the number of letters to add, drop or change. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
