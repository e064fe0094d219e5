package dev.ganglion.projection.rollup;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts by name for a bounded number of names; further names share {@link RollUps#OVERFLOW}. Not thread-safe. */
final class NameCounts {
    /** Largest number of names, without the overflow. */
    static final int MAX_NAMES = 32;

    private static final int HEAP = 48;
    private static final int ENTRY_HEAP = 150;

    private final Map<String, Long> counts = new TreeMap<>();

    /** Counts a name; null counts as an empty name. */
    void add(@Nullable String name, int by) {
        String cut = SeriesName.of(SeriesName.Type.FAILURES, name, null).first();
        boolean isFull = counts.size() - (counts.containsKey(RollUps.OVERFLOW) ? 1 : 0) >= MAX_NAMES;
        String counted = counts.containsKey(cut) || !isFull ? cut : RollUps.OVERFLOW;
        if (counts.merge(counted, (long) by, Long::sum) == 0) {
            counts.remove(counted);
        }
    }

    Map<String, Long> view() {
        return Collections.unmodifiableMap(counts);
    }

    void encode(ValueWriter out) {
        out.number(counts.size());
        counts.forEach((name, count) -> {
            out.text(name);
            out.signed(count);
        });
    }

    void decode(ValueReader in) {
        for (int left = in.size(); left > 0; left--) {
            counts.put(in.text(), in.signed());
        }
    }

    int bytes() {
        return HEAP + counts.size() * ENTRY_HEAP;
    }
}
