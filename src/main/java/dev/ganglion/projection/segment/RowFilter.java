package dev.ganglion.projection.segment;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows that may pass a filter, by their columns alone. The caller checks the records of these rows: a record
 * may be newer than its row, and {@link Terms#OVERFLOW} stands for several texts. Immutable after {@link Builder#build}.
 */
public final class RowFilter {
    /** Returned by {@link #newest} if no row passes. */
    public static final int NO_ROW = -1;

    /** The columns to compare, and the numbers that pass. */
    private final Terms.Kind[] kinds;

    private final BitSet[] numbers;
    /** A bit for each state that passes; 0 for all states. */
    private final int states;

    private final int flagsMask;
    private final int flags;
    private final long sinceMs;
    private final long untilMs;

    private RowFilter(Builder builder) {
        this.kinds = builder.terms.keySet().toArray(Terms.Kind[]::new);
        this.numbers = builder.terms.values().toArray(BitSet[]::new);
        this.states = builder.states;
        this.flagsMask = builder.lost == null ? 0 : Rows.LOST;
        this.flags = builder.lost != null && builder.lost ? Rows.LOST : 0;
        this.sinceMs = builder.sinceMs;
        this.untilMs = builder.untilMs;
    }

    /** Builds a filter. Without any condition, it lets every row pass. */
    public static final class Builder {
        private final Map<Terms.Kind, BitSet> terms = new EnumMap<>(Terms.Kind.class);
        private int states;
        private @Nullable Boolean lost;
        private long sinceMs = Long.MIN_VALUE;
        private long untilMs = Long.MAX_VALUE;

        /** Lets only rows pass that hold one of these numbers from the dictionary. */
        @CanIgnoreReturnValue
        public Builder terms(Terms.Kind kind, BitSet numbers) {
            terms.put(kind, numbers);
            return this;
        }

        /** Lets rows of this state pass, and no row of a state that is not added. */
        @CanIgnoreReturnValue
        public Builder state(int state) {
            states |= 1 << state;
            return this;
        }

        /** Lets only rows of lost tasks pass, or only the others; null for both. */
        @CanIgnoreReturnValue
        public Builder lost(@Nullable Boolean asked) {
            lost = asked;
            return this;
        }

        /** Lets only rows pass that were born in this range of milliseconds since 1970. */
        @CanIgnoreReturnValue
        public Builder born(long fromMs, long beforeMs) {
            sinceMs = fromMs;
            untilMs = beforeMs;
            return this;
        }

        public RowFilter build() {
            return new RowFilter(this);
        }
    }

    /** Whether rows are compared at all, apart from their births. */
    public boolean isSelective() {
        return kinds.length > 0 || states != 0 || flagsMask != 0;
    }

    /** Whether a segment may hold a row that was born in the range. */
    public boolean covers(Segments.Segment segment) {
        return segment.lastBirthMs() >= sinceMs && segment.firstBirthMs() < untilMs;
    }

    /**
     * Returns the newest row that may pass, at {@code from} or before it; {@link #NO_ROW} if there is none.
     *
     * @param from number of a row, or less than 0 for no row at all
     */
    public int newest(Rows rows, int from) {
        for (int row = from; row >= 0; row--) {
            if (passes(rows, row)) {
                return row;
            }
        }
        return NO_ROW;
    }

    private boolean passes(Rows rows, int row) {
        if ((states != 0 && (states >>> rows.state(row) & 1) == 0) || (rows.flags(row) & flagsMask) != flags) {
            return false;
        }
        for (int i = 0; i < kinds.length; i++) {
            if (!numbers[i].get(rows.term(kinds[i], row))) {
                return false;
            }
        }
        long birth = rows.birthMs(row);
        return birth >= sinceMs && birth < untilMs;
    }
}
