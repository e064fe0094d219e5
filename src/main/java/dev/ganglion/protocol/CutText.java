package dev.ganglion.protocol;

/** Cuts text to what is kept of it, with a mark that says so. Lengths count code points, which are never split. */
public final class CutText {
    private CutText() {}

    /**
     * The text if it has at most so many code points, else its beginning and {@code …[cut: 8160 of 20000 characters]},
     * together of at most that length.
     *
     * @param most at least 64, so that the mark has room
     */
    public static String of(String text, int most) {
        int length = text.codePointCount(0, text.length());
        if (length <= most) {
            return text;
        }
        int kept = most - mark(most, length).length();
        return text.substring(0, text.offsetByCodePoints(0, kept)) + mark(kept, length);
    }

    private static String mark(int kept, int length) {
        return "…[cut: " + kept + " of " + length + " characters]";
    }
}
