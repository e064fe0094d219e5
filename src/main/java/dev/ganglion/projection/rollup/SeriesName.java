package dev.ganglion.projection.rollup;

import org.jspecify.annotations.Nullable;

/**
 * Names a series of totals. A series of tasks has the name of a task and a queue; a series of a queue has an engine and
 * a queue; a series of failures has a fingerprint. Long names are cut.
 *
 * @param first empty if unknown
 * @param second empty if unknown or unused
 */
record SeriesName(Type type, String first, String second) {
    /** Longest part of a name, in characters. Names that differ only behind that share a series. */
    static final int MAX_LENGTH = 200;

    /** What a series counts. The letter begins the names of its stored values. */
    enum Type {
        TASKS('t'),
        QUEUE('q'),
        WORKERS('w'),
        FAILURES('f');

        private final char letter;

        Type(char letter) {
            this.letter = letter;
        }

        char letter() {
            return letter;
        }
    }

    static SeriesName of(Type type, @Nullable String first, @Nullable String second) {
        return new SeriesName(type, cut(first), cut(second));
    }

    /** The series that stands for all series beyond the limit. */
    static SeriesName overflow(Type type) {
        return new SeriesName(type, RollUps.OVERFLOW, type == Type.FAILURES ? "" : RollUps.OVERFLOW);
    }

    private static String cut(@Nullable String name) {
        if (name == null) {
            return "";
        }
        return name.length() <= MAX_LENGTH ? name : name.substring(0, cutAt(name));
    }

    /** Never splits a character that takes two {@code char} values. */
    private static int cutAt(String name) {
        return Character.isHighSurrogate(name.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
    }

    /** The name of the stored value. The length of the first part precedes it, since names may have any character. */
    String field() {
        return type.letter() + (first.isEmpty() && second.isEmpty() ? "" : first.length() + ":" + first + second);
    }

    /** Parses the name of a stored value; null if it names something else. */
    static @Nullable SeriesName parse(String field) {
        for (Type type : Type.values()) {
            if (!field.isEmpty() && field.charAt(0) == type.letter()) {
                int colon = field.indexOf(':');
                if (colon < 0) {
                    return new SeriesName(type, "", "");
                }
                int end = colon + 1 + Integer.parseInt(field, 1, colon, 10);
                return new SeriesName(type, field.substring(colon + 1, end), field.substring(end));
            }
        }
        return null;
    }
}
