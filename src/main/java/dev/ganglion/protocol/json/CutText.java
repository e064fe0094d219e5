package dev.ganglion.protocol.json;

/**
 * Cuts text to a maximum length and appends a mark that gives the original length. Lengths are in code points; a code
 * point is never split.
 */
public final class CutText {
    private CutText() {}

    /**
     * Returns the text unchanged if it has at most {@code most} code points. Otherwise returns its beginning and a mark
     * such as {@code …[cut: 8160 of 20000 characters]}, at most {@code most} code points in total.
     *
     * @param most maximum length in code points; at least 64, so that the mark fits
     */
    public static String cut(String text, int most) {
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
