package dev.ganglion.protocol.json;

/** Compares strings by code point, which is the order of keys in canonical JSON. Java's own order is by UTF-16 unit. */
public final class CodePointOrder {
    private CodePointOrder() {}

    public static int compare(String a, String b) {
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

    /** Ranks a surrogate above every other unit, because surrogate pairs encode the highest code points. */
    private static int rank(char unit) {
        return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
    }
}
