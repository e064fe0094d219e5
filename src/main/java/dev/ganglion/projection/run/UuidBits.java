package dev.ganglion.projection.run;

/** Packs a UUID, a text in lower case with dashes, into two words. */
final class UuidBits {
    private static final int LENGTH = 36;
    private static final int MIDDLE = 18;

    private UuidBits() {}

    /** Whether the text is a UUID in lower case with dashes. */
    static boolean isUuid(String text) {
        if (text.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            boolean fits = isDash(i) ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDash(int i) {
        return i == 8 || i == 13 || i == 18 || i == 23;
    }

    static long high(String uuid) {
        return word(uuid, 0, MIDDLE);
    }

    static long low(String uuid) {
        return word(uuid, MIDDLE, LENGTH);
    }

    private static long word(String uuid, int from, int to) {
        long word = 0;
        for (int i = from; i < to; i++) {
            char c = uuid.charAt(i);
            if (c != '-') {
                word = word << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
            }
        }
        return word;
    }
}
