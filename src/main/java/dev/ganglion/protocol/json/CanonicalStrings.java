package dev.ganglion.protocol.json;

import static dev.ganglion.protocol.json.Tokenizer.malformed;

/**
 * Scans strings on the tape and puts the canonical form of non-canonical strings into the side area. Only an escaped
 * slash and {@code \}{@code uXXXX} make a string non-canonical.
 *
 * <p>A key with any escape is put into the side area in two forms, because keys are sorted by their unescaped bytes.
 * The unescaped bytes come first, then their count (negative if the key has no canonical form), then the canonical
 * form.
 */
final class CanonicalStrings {
    private static final int ESCAPED = 1;
    private static final int REWRITTEN = 2;

    private final Tape tape;
    private int flags;
    private int rewrittenEnd;
    private boolean unprintableKeys;

    CanonicalStrings(Tape tape) {
        this.tape = tape;
    }

    void reset() {
        unprintableKeys = false;
    }

    /** Whether the string scanned last contains an escape. */
    boolean escaped() {
        return flags != 0;
    }

    /** Whether the string scanned last differs from its canonical form. */
    boolean rewritten() {
        return (flags & REWRITTEN) != 0;
    }

    int rewrittenEnd() {
        return rewrittenEnd;
    }

    boolean unprintableKeys() {
        return unprintableKeys;
    }

    /** Scans a string from just after its opening quote; returns the position just after its closing quote. */
    int scan(int start) {
        byte[] bytes = tape.bytes;
        byte[] stops = tape.stops;
        flags = 0;
        int p = start;
        for (; ; ) {
            p = ByteWords.firstMark(stops, p);
            if (bytes[p] == '"') {
                return p + 1;
            }
            p = special(bytes, p);
        }
    }

    private int special(byte[] bytes, int p) {
        byte c = bytes[p];
        if (c < 0) {
            return Utf8.skipWellFormed(bytes, p);
        }
        if (c != '\\') {
            throw malformed(p == tape.length ? "an unterminated string" : "a control character in a string", p);
        }
        byte letter = bytes[p + 1];
        if (letter == 'u') {
            if (Escapes.fourHexDigits(bytes, p + 2) < 0) {
                throw malformed("four hexadecimal digits are expected after \\u", p);
            }
            flags = ESCAPED | REWRITTEN;
            return p + 6;
        }
        if (Escapes.meaning(letter) < 0) {
            throw malformed("an unknown escape", p);
        }
        flags |= letter == '/' ? ESCAPED | REWRITTEN : ESCAPED;
        return p + 2;
    }

    /** Writes the canonical form of the string {@code [p, end)} to the side area and returns the start of that form. */
    int rewrite(int p, int end) {
        tape.reserveSide(end - p);
        int start = tape.side;
        byte[] bytes = tape.bytes;
        int to = start;
        bytes[to++] = '"';
        int from = p + 1;
        while (from < end - 1) {
            byte c = bytes[from];
            if (c != '\\') {
                bytes[to++] = c;
                from++;
            } else if (bytes[from + 1] != 'u') {
                to = Escapes.putCanonical(bytes, to, Escapes.meaning(bytes[from + 1]));
                from += 2;
            } else {
                int codePoint = codePoint(bytes, from);
                if (isSurrogate(codePoint)) {
                    rewrittenEnd = from;
                    return Tape.UNPRINTABLE;
                }
                to = Escapes.putCanonical(bytes, to, codePoint);
                from += codePoint > 0xFFFF ? 12 : 6;
            }
        }
        bytes[to++] = '"';
        tape.side = to;
        rewrittenEnd = to;
        return start;
    }

    /**
     * Writes a key's unescaped bytes and its canonical form to the side area; returns the start of the canonical form.
     */
    int rewriteKey(int p, int end) {
        tape.reserveSide(2 * (end - p) + Integer.BYTES);
        byte[] bytes = tape.bytes;
        int start = tape.side;
        int to = start;
        boolean printable = true;
        int from = p + 1;
        while (from < end - 1) {
            byte c = bytes[from];
            if (c != '\\') {
                bytes[to++] = c;
                from++;
            } else if (bytes[from + 1] != 'u') {
                bytes[to++] = (byte) Escapes.meaning(bytes[from + 1]);
                from += 2;
            } else {
                int codePoint = codePoint(bytes, from);
                printable &= !isSurrogate(codePoint);
                to = Escapes.putUtf8(bytes, to, codePoint);
                from += codePoint > 0xFFFF ? 12 : 6;
            }
        }
        int length = to - start;
        putInt(bytes, to, printable ? length : -length);
        unprintableKeys |= !printable;
        tape.side = to + Integer.BYTES;
        int key = rewrite(p, end);
        if (key == Tape.UNPRINTABLE) {
            key = tape.side;
            tape.side++;
            rewrittenEnd = tape.side;
        }
        return key;
    }

    /** The start of the unescaped bytes of a key in the side area. */
    static int unescapedStart(byte[] bytes, int key) {
        return unescapedEnd(key) - Math.abs(getInt(bytes, unescapedEnd(key)));
    }

    static int unescapedEnd(int key) {
        return key - Integer.BYTES;
    }

    static boolean isPrintable(byte[] bytes, int key) {
        return getInt(bytes, unescapedEnd(key)) >= 0;
    }

    /**
     * Returns the code point of the escape at {@code p}; if that escape and the next one form a surrogate pair, their
     * joint code point.
     */
    private static int codePoint(byte[] bytes, int p) {
        int first = Escapes.fourHexDigits(bytes, p + 2);
        if (Character.isHighSurrogate((char) first) && bytes[p + 6] == '\\' && bytes[p + 7] == 'u') {
            int second = Escapes.fourHexDigits(bytes, p + 8);
            if (second >= 0 && Character.isLowSurrogate((char) second)) {
                return Character.toCodePoint((char) first, (char) second);
            }
        }
        return first;
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static void putInt(byte[] bytes, int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[at + i] = (byte) (value >> (Byte.SIZE * i));
        }
    }

    private static int getInt(byte[] bytes, int at) {
        int value = 0;
        for (int i = Integer.BYTES - 1; i >= 0; i--) {
            value = value << Byte.SIZE | (bytes[at + i] & 0xFF);
        }
        return value;
    }
}
