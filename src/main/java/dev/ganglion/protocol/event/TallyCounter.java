package dev.ganglion.protocol.event;

import dev.ganglion.protocol.json.CanonicalStringReader;
import dev.ganglion.protocol.json.Tape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of a batch by engine and kind during the checks. Comparisons use the bytes on the tape; no strings
 * are created.
 */
public final class TallyCounter {
    /** Maximum number of distinct pairs. Events with further pairs are counted together. */
    private static final int MAX_PAIRS = 32;

    private final Tape tape;
    private final @Nullable String soleEngine;
    private final int[] engines = new int[MAX_PAIRS];
    private final int[] kinds = new int[MAX_PAIRS];
    private final int[] counts = new int[MAX_PAIRS];
    private int pairs;
    private int rest;

    /**
     * Creates a counter for one batch.
     *
     * @param soleEngine engine of the events that name an empty one; null if there are none
     */
    public TallyCounter(Tape tape, @Nullable String soleEngine) {
        this.tape = tape;
        this.soleEngine = soleEngine;
    }

    /** Counts an event. The arguments are the positions of its two values on the tape. */
    public void add(int engine, int kind) {
        for (int i = 0; i < pairs; i++) {
            if (same(kinds[i], kind) && same(engines[i], engine)) {
                counts[i]++;
                return;
            }
        }
        if (pairs == MAX_PAIRS) {
            rest++;
            return;
        }
        engines[pairs] = engine;
        kinds[pairs] = kind;
        counts[pairs++] = 1;
    }

    public List<EventTally> tallies() {
        List<EventTally> tallies = new ArrayList<>(pairs + 1);
        for (int i = 0; i < pairs; i++) {
            tallies.add(new EventTally(engine(engines[i]), EventKinds.listed(text(kinds[i])), counts[i]));
        }
        if (rest > 0) {
            tallies.add(new EventTally(EventTally.OVERFLOW, EventKinds.UNKNOWN, rest));
        }
        return tallies;
    }

    private boolean same(int a, int b) {
        return Arrays.equals(tape.bytes, tape.start(a), tape.end(a), tape.bytes, tape.start(b), tape.end(b));
    }

    private String engine(int at) {
        String engine = text(at);
        return engine.isEmpty() && soleEngine != null ? soleEngine : engine;
    }

    private String text(int at) {
        return CanonicalStringReader.decode(tape.bytes, tape.start(at), tape.end(at));
    }
}
