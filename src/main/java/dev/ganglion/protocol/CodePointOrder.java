package dev.ganglion.protocol;

/** The order of canonical keys: by code point, where Java's own order is by UTF-16 unit. */
final class CodePointOrder {
    private CodePointOrder() {}

    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char one = a.charAt(i);
            char other = b.charAt(i);
            if (one != other) {
                return Integer.compare(rank(one), rank(other));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Halves of surrogate pairs stand for code points above all that need one unit. */
    private static int rank(char unit) {
        return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
    }
}
