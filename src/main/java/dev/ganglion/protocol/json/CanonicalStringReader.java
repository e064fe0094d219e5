package dev.ganglion.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Decodes and compares strings in canonical JSON. */
public final class CanonicalStringReader {
    private CanonicalStringReader() {}

    /** Returns the text of the string at {@code [start, end)}, which includes the quotes. */
    public static String decode(byte[] bytes, int start, int end) {
        if (!hasEscape(bytes, start + 1, end - 1)) {
            return new String(bytes, start + 1, end - start - 2, StandardCharsets.UTF_8);
        }
        byte[] plain = new byte[end - start];
        return new String(plain, 0, unescape(bytes, start + 1, end - 1, plain), StandardCharsets.UTF_8);
    }

    /** Returns the same text in UTF-8. */
    public static byte[] utf8(byte[] bytes, int start, int end) {
        if (!hasEscape(bytes, start + 1, end - 1)) {
            return Arrays.copyOfRange(bytes, start + 1, end - 1);
        }
        byte[] plain = new byte[end - start];
        return Arrays.copyOf(plain, unescape(bytes, start + 1, end - 1, plain));
    }

    /** Counts the code points of the string at {@code [start, end)}, which includes the quotes. */
    public static int codePoints(byte[] bytes, int start, int end) {
        if (!hasEscape(bytes, start + 1, end - 1)) {
            return Utf8.codePoints(bytes, start + 1, end - 1);
        }
        byte[] plain = new byte[end - start];
        return Utf8.codePoints(plain, 0, unescape(bytes, start + 1, end - 1, plain));
    }

    /**
     * Whether the string at {@code [start, end)}, which includes the quotes, equals {@code text}, an ASCII text without
     * escapes.
     */
    public static boolean is(byte[] bytes, int start, int end, String text) {
        int length = text.length();
        if (end - start - 2 != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[start + 1 + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasEscape(byte[] bytes, int start, int end) {
        return ByteWords.firstQuoteOrBackslash(bytes, start) < end; // a quote follows the text
    }

    private static int unescape(byte[] bytes, int start, int end, byte[] plain) {
        int to = 0;
        for (int i = start; i < end; ) {
            if (bytes[i] != '\\') {
                plain[to++] = bytes[i++];
            } else if (bytes[i + 1] == 'u') {
                to = Escapes.putUtf8(plain, to, Escapes.fourHexDigits(bytes, i + 2));
                i += 6;
            } else {
                plain[to++] = (byte) Escapes.meaning(bytes[i + 1]);
                i += 2;
            }
        }
        return to;
    }
}
