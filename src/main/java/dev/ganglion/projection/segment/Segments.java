package dev.ganglion.projection.segment;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a project: which one takes new rows, and which ones the retention drops. Rows are numbered in the
 * order in which the project saw their tasks, and no birth is before the birth of the row before. Not thread-safe.
 */
public final class Segments {
    /** An estimate of the memory that Redis needs for a row beside the bytes of the record. */
    public static final int ROW_OVERHEAD = 112;

    private final SegmentLimits limits;
    private final NavigableMap<Long, Segment> all = new TreeMap<>();
    private final Set<Long> changed = new LinkedHashSet<>();
    private final Set<Long> justClosed = new LinkedHashSet<>();
    private long next;
    private long rows;
    private long bytes;

    /**
     * Creates the segments of a project.
     *
     * @param next number of the next segment
     */
    public Segments(SegmentLimits limits, long next) {
        this.limits = limits;
        this.next = next;
    }

    /**
     * A segment.
     *
     * @param firstBirthMs birth of its first task, in milliseconds since 1970
     * @param lastBirthMs birth of its last task
     * @param rows number of rows
     * @param bytes estimate of the memory of its rows and records in Redis
     * @param closed whether it takes no further row
     * @param version number of steps that wrote its rows, so that readers know whether rows that they keep are current
     */
    public record Segment(
            long number, long firstBirthMs, long lastBirthMs, int rows, long bytes, boolean closed, long version) {
        private static final int PARTS = 6;

        /** Encodes the segment for the store, without its number. */
        public String text() {
            return firstBirthMs + " " + lastBirthMs + " " + rows + " " + bytes + " " + (closed ? 1 : 0) + " " + version;
        }

        /** Decodes a stored segment. */
        @SuppressWarnings("checkstyle:MagicNumber")
        public static Segment of(long number, String text) {
            String[] parts = text.split(" ", PARTS);
            return new Segment(
                    number,
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Integer.parseInt(parts[2]),
                    Long.parseLong(parts[3]),
                    parts[4].equals("1"),
                    Long.parseLong(parts[5]));
        }

        private Segment grownBy(long more) {
            return new Segment(number, firstBirthMs, lastBirthMs, rows, bytes + more, closed, version);
        }

        private Segment withRow(long birthMs) {
            return new Segment(number, firstBirthMs, birthMs, rows + 1, bytes, false, version);
        }

        private Segment asClosed() {
            return new Segment(number, firstBirthMs, lastBirthMs, rows, bytes, true, version);
        }

        private Segment atNextVersion() {
            return new Segment(number, firstBirthMs, lastBirthMs, rows, bytes, closed, version + 1);
        }
    }

    /** Loads a stored segment. */
    public void load(Segment segment) {
        all.put(segment.number(), segment);
        next = Math.max(next, segment.number() + 1);
        rows += segment.rows();
        bytes += segment.bytes();
    }

    /**
     * Places a new row behind all others, in the open segment or in a new one.
     *
     * @param birthMs when the project first saw the task
     * @return the place; {@link #lastBirthMs} then tells the birth that the row gets
     */
    @CanIgnoreReturnValue
    public RowPlace place(long birthMs) {
        Segment last = last();
        long birth = last == null ? birthMs : Math.max(last.lastBirthMs(), birthMs);
        Segment open = last == null || last.closed() || full(last, birth) ? open(last, birth) : last;
        put(open.withRow(birth));
        rows++;
        return new RowPlace(open.number(), open.rows());
    }

    private boolean full(Segment segment, long birth) {
        return segment.rows() >= limits.rows()
                || segment.bytes() >= limits.bytes()
                || birth - segment.firstBirthMs() >= limits.span().toMillis();
    }

    private Segment open(@Nullable Segment last, long birth) {
        if (last != null && !last.closed()) {
            put(last.asClosed());
            justClosed.add(last.number());
        }
        return new Segment(next++, birth, birth, 0, 0, false, 0);
    }

    private void put(Segment segment) {
        all.put(segment.number(), changed.add(segment.number()) ? segment.atNextVersion() : segment);
    }

    private @Nullable Segment last() {
        return all.isEmpty() ? null : all.lastEntry().getValue();
    }

    /**
     * Birth of the youngest row, in milliseconds since 1970: when the project saw its task, but not before the birth of
     * the row before. 0 without segments.
     */
    public long lastBirthMs() {
        Segment last = last();
        return last == null ? 0 : last.lastBirthMs();
    }

    /**
     * Records that rows of a segment are written.
     *
     * @param more bytes by which their stored size grows
     */
    public void write(long number, long more) {
        put(Objects.requireNonNull(all.get(number)).grownBy(more));
        bytes += more;
    }

    /** Returns the segments that changed since the last call. */
    public List<Segment> takeChanged() {
        List<Segment> taken = changed.stream().map(all::get).toList();
        changed.clear();
        return taken;
    }

    /** Returns the numbers of the segments that were closed since the last call. */
    public List<Long> takeClosed() {
        List<Long> taken = new ArrayList<>(justClosed);
        justClosed.clear();
        return taken;
    }

    /**
     * Returns the segments that the retention drops, oldest first: those without a task born since {@code bornBeforeMs},
     * and the oldest of the others while the project has more tasks or bytes than it keeps.
     */
    public List<Segment> expired(long bornBeforeMs, long mostTasks, long mostBytes) {
        List<Segment> expired = new ArrayList<>();
        long tasks = rows;
        long size = bytes;
        for (Segment segment : all.values()) {
            if (segment.lastBirthMs() >= bornBeforeMs && tasks <= mostTasks && size <= mostBytes) {
                break;
            }
            expired.add(segment);
            tasks -= segment.rows();
            size -= segment.bytes();
        }
        return expired;
    }

    /** Removes a segment. */
    public void remove(long number) {
        Segment gone = Objects.requireNonNull(all.remove(number));
        changed.remove(number);
        justClosed.remove(number);
        rows -= gone.rows();
        bytes -= gone.bytes();
    }

    /** All segments, oldest first. */
    public Collection<Segment> all() {
        return all.values();
    }

    /** Number of the oldest retained segment, or of the next one if there is none. */
    public long oldest() {
        return all.isEmpty() ? next : all.firstKey();
    }

    /** Number of the segment that is created next. */
    public long next() {
        return next;
    }

    /** Number of rows in all segments. */
    public long rows() {
        return rows;
    }

    /** Estimate of the memory of all rows and records in Redis. */
    public long bytes() {
        return bytes;
    }
}
