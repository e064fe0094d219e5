package dev.ganglion.protocol.json;

/** Recognises UUIDs in text: 36 characters with dashes, or 32 without. */
public final class UuidText {
    static final int LENGTH = 36;

    private static final int BARE_LENGTH = 32;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long DASH_TO_ZERO = ('-' ^ '0') * ONES;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    /** Masks of the dashes in the second and the third word of a UUID. */
    private static final long[] DASH_BYTES = {0x0000_FF00_0000_00FFL, 0xFF00_0000_00FF_0000L};

    private UuidText() {}

    /** Whether the text is a UUID in lower case with dashes. The array must have slack at its end. */
    public static boolean isCanonical(byte[] bytes, int start, int end) {
        if (end - start != LENGTH) {
            return false;
        }
        long second = ByteWords.load(bytes, start + 8);
        long third = ByteWords.load(bytes, start + 16);
        long dashes = ((second ^ '-' * ONES) & DASH_BYTES[0]) | ((third ^ '-' * ONES) & DASH_BYTES[1]);
        long digits = lowerHexDigits(ByteWords.load(bytes, start))
                & lowerHexDigits(second ^ (DASH_BYTES[0] & DASH_TO_ZERO))
                & lowerHexDigits(third ^ (DASH_BYTES[1] & DASH_TO_ZERO))
                & lowerHexDigits(ByteWords.load(bytes, start + 24))
                & lowerHexDigits(ByteWords.load(bytes, start + 28));
        return dashes == 0 && digits == HIGHS;
    }

    /** Marks the bytes that are digits or letters from a to f. A word with a non-ASCII byte gets no marks. */
    private static long lowerHexDigits(long word) {
        long digits = word + (0x80 - '0') * ONES & ~(word + (0x80 - '9' - 1) * ONES);
        long letters = word + (0x80 - 'a') * ONES & ~(word + (0x80 - 'f' - 1) * ONES);
        return (word & HIGHS) == 0 ? (digits | letters) & HIGHS : 0;
    }

    /** Whether the text is a UUID in either case, with or without dashes. */
    public static boolean isUuid(byte[] bytes, int start, int end) {
        boolean dashed = end - start == LENGTH;
        if (!dashed && end - start != BARE_LENGTH) {
            return false;
        }
        for (int i = 0; i < end - start; i++) {
            byte c = bytes[start + i];
            boolean dash = dashed && (i == 8 || i == 13 || i == 18 || i == 23);
            if (dash ? c != '-' : Escapes.hexDigit(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Formats a UUID of any form as 36 characters in lower case. */
    public static String canonical(byte[] bytes, int start, int end) {
        StringBuilder text = new StringBuilder(LENGTH);
        for (int p = start; p < end; p++) {
            if (bytes[p] != '-') {
                text.append(Character.toLowerCase((char) bytes[p]));
            }
        }
        return text.insert(20, '-')
                .insert(16, '-')
                .insert(12, '-')
                .insert(8, '-')
                .toString();
    }
}
