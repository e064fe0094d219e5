package dev.ganglion.projection.segment;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The dictionary of a project: numbers for the names, queues, workers and other texts that rows refer to.
 *
 * <p>A number is in use as long as a retained segment may refer to it. For each number the dictionary knows the youngest
 * segment that ever did; when the retention has dropped that segment, the number is free for another text. A kind has at
 * most 65,534 texts; rows with a further text get the number {@link #OVERFLOW}, and a reader compares their records.
 *
 * <p>Not thread-safe.
 */
public final class Terms {
    /** The number that stands for no text. */
    public static final int NONE = 0;
    /** The number of all texts that found no place in the dictionary. */
    public static final int OVERFLOW = 65_535;
    /** What a list shows as the text of {@link #OVERFLOW}. */
    public static final String OVERFLOW_TEXT = "__overflow__";

    private static final int ENTRY_BYTES = 96;
    private static final char SEPARATOR = ':';

    /** The kinds of texts. Each has its own numbers. */
    public enum Kind {
        NAME,
        QUEUE,
        WORKER,
        AGENT,
        FINGERPRINT,
        ENGINE,
        PRIORITY;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The largest number of a text. Words of priorities share their column with 257 other values. */
        int most() {
            return this == PRIORITY ? OVERFLOW - 1 - Rows.PRIORITY_NUMBERS : OVERFLOW - 1;
        }

        /** Returns the field that holds the text of a number in the store. */
        public String field(int id) {
            return label + SEPARATOR + id;
        }
    }

    /**
     * A number of a kind.
     *
     * @param id the number, from 1
     */
    public record Term(Kind kind, int id) {
        /** Decodes the field that holds the text of the term in the store. */
        public static Term of(String field) {
            int separator = field.indexOf(SEPARATOR);
            return new Term(
                    Kind.valueOf(field.substring(0, separator).toUpperCase(Locale.ROOT)),
                    Integer.parseInt(field.substring(separator + 1)));
        }
    }

    private final Map<Kind, Numbers> kinds = new EnumMap<>(Kind.class);
    private final Map<String, String> added = new LinkedHashMap<>();
    private long heldBytes;

    /** Creates an empty dictionary. */
    public Terms() {
        for (Kind kind : Kind.values()) {
            kinds.put(kind, new Numbers(kind.most()));
        }
    }

    /** The numbers of one kind. */
    private static final class Numbers {
        private static final int FIRST_CAPACITY = 16;
        private static final long UNUSED = -1;

        private final int most;
        private final Map<String, Integer> ids = new HashMap<>();
        private @Nullable String[] texts = new String[FIRST_CAPACITY];
        /** The youngest segment that referred to each number. */
        private long[] segments = new long[FIRST_CAPACITY];
        /** Numbers above this one were never in use. */
        private int highest;
        /** Numbers that were in use, the one that is free the longest first. */
        private final Deque<Integer> free = new ArrayDeque<>();

        private Numbers(int most) {
            this.most = most;
        }

        private int next() {
            if (highest < most) {
                return highest + 1;
            }
            Integer reused = free.poll();
            return reused == null ? OVERFLOW : reused;
        }

        private void put(int id, String text) {
            if (id >= texts.length) {
                int capacity = Math.max(id + 1, Math.min(most + 1, texts.length * 2));
                texts = Arrays.copyOf(texts, capacity);
                segments = Arrays.copyOf(segments, capacity);
            }
            highest = Math.max(highest, id);
            texts[id] = text;
            segments[id] = UNUSED;
            ids.put(text, id);
        }
    }

    private Numbers numbers(Kind kind) {
        return Objects.requireNonNull(kinds.get(kind));
    }

    /**
     * Returns the number of a text for a row of a segment. A new text gets a number, if one is free.
     *
     * @return {@link #NONE} for null, {@link #OVERFLOW} if no number is free
     */
    @CanIgnoreReturnValue
    public int use(Kind kind, @Nullable String text, long segment) {
        if (text == null) {
            return NONE;
        }
        Numbers numbers = numbers(kind);
        Integer known = numbers.ids.get(text);
        int id = known == null ? add(kind, numbers, text) : known;
        if (id != OVERFLOW) {
            numbers.segments[id] = Math.max(numbers.segments[id], segment);
        }
        return id;
    }

    private int add(Kind kind, Numbers numbers, String text) {
        int id = numbers.next();
        if (id != OVERFLOW) {
            numbers.put(id, text);
            heldBytes += bytes(text);
            added.put(kind.field(id), text);
        }
        return id;
    }

    private static long bytes(String text) {
        return ENTRY_BYTES + 2L * text.length();
    }

    /** Returns the number of a text; {@link #NONE} if the dictionary does not hold it. */
    public int find(Kind kind, String text) {
        return numbers(kind).ids.getOrDefault(text, NONE);
    }

    /** Returns the text of a number; null if the number is not in use. */
    public @Nullable String text(Kind kind, int id) {
        Numbers numbers = numbers(kind);
        if (id == OVERFLOW) {
            return OVERFLOW_TEXT;
        }
        return id > NONE && id < numbers.texts.length ? numbers.texts[id] : null;
    }

    /** Loads a stored term. When all are loaded, call {@link #loaded}. */
    public void load(String field, String text) {
        Term term = Term.of(field);
        numbers(term.kind()).put(term.id(), text);
        heldBytes += bytes(text);
    }

    /** Finds the numbers that are free, after all stored terms were loaded. */
    public void loaded() {
        for (Numbers numbers : kinds.values()) {
            for (int id = 1; id <= numbers.highest; id++) {
                if (numbers.texts[id] == null) {
                    numbers.free.add(id);
                }
            }
        }
    }

    /** Records that stored rows of a segment refer to their terms. */
    public void load(Rows rows, long segment) {
        for (Map.Entry<Kind, Numbers> kind : kinds.entrySet()) {
            long[] segments = kind.getValue().segments;
            for (int row = 0; row < rows.count(); row++) {
                int id = rows.term(kind.getKey(), row);
                if (id != NONE && id < segments.length && segments[id] < segment) {
                    segments[id] = segment;
                }
            }
        }
    }

    /** Returns the terms that were added since the last call, by the field that holds the text. */
    public Map<String, String> takeAdded() {
        Map<String, String> taken = new LinkedHashMap<>(added);
        added.clear();
        return taken;
    }

    /**
     * Frees numbers that no retained segment uses, at most {@code most}.
     *
     * @param oldest number of the oldest segment that is retained
     * @return the fields of the freed numbers
     */
    public List<String> free(long oldest, int most) {
        List<String> freed = new ArrayList<>();
        kinds.forEach((kind, numbers) -> {
            for (int id = 1; id <= numbers.highest && freed.size() < most; id++) {
                String text = numbers.texts[id];
                if (text != null && numbers.segments[id] < oldest) {
                    numbers.texts[id] = null;
                    numbers.ids.remove(text);
                    numbers.free.add(id);
                    heldBytes -= bytes(text);
                    freed.add(kind.field(id));
                }
            }
        });
        return freed;
    }

    /** An estimate of the memory that the dictionary occupies. */
    public long heldBytes() {
        long bytes = heldBytes;
        for (Numbers numbers : kinds.values()) {
            bytes += (long) numbers.texts.length * (Integer.BYTES + Long.BYTES);
        }
        return bytes;
    }
}
