package dev.ganglion.protocol.json;

import java.nio.charset.StandardCharsets;

/**
 * Iterates over the members of one object in canonical JSON. The bytes must be well formed; they are not checked again.
 */
public final class CanonicalObject {
    private final byte[] bytes;
    private int keyStart;
    private int keyEnd;
    private int valueStart;
    private int valueEnd;

    public CanonicalObject(byte[] bytes, int start, int end) {
        if (end - start < 2 || bytes[start] != '{' || bytes[end - 1] != '}') {
            throw new IllegalArgumentException("the bytes are not a JSON object");
        }
        this.bytes = bytes;
        this.valueEnd = start;
    }

    /** Creates an iterator over these bytes. Call {@link #enter} to move to an object. */
    public CanonicalObject(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Moves before the first member of the object at {@code start}, whose end need not be known. */
    public void enter(int start) {
        if (bytes[start] != '{') {
            throw new IllegalArgumentException("the bytes are not a JSON object");
        }
        valueEnd = start;
    }

    /** Moves to the next member; returns false after the last one. */
    public boolean next() {
        if (!nextKey()) {
            return false;
        }
        skipValue();
        return true;
    }

    /**
     * Moves to the next member, whose end is still unknown; returns false after the last one. Then call {@link
     * #skipValue()}, or read the value with another iterator and call {@link #skipTo}.
     */
    public boolean nextKey() {
        keyStart = valueEnd + 1;
        if (bytes[valueEnd] == '}' || bytes[keyStart] == '}') {
            return false;
        }
        keyEnd = skipString(bytes, keyStart);
        valueStart = keyEnd + 1;
        return true;
    }

    /** Skips the value of a member that {@link #nextKey} moved to. */
    public void skipValue() {
        valueEnd = skipValue(bytes, valueStart);
    }

    /** Skips the value of a member that {@link #nextKey} moved to, and that ends before {@code end}. */
    public void skipTo(int end) {
        valueEnd = end;
    }

    public boolean keyIs(String key) {
        return CanonicalStringReader.is(bytes, keyStart, keyEnd, key);
    }

    /** The number of bytes of the key, without quotes. */
    public int keyLength() {
        return keyEnd - keyStart - 2;
    }

    /** The first eight bytes of the key without quotes, the first one lowest. A shorter key is filled up with zeros. */
    public long keyWord() {
        int length = Math.min(keyLength(), Long.BYTES);
        if (length == 0 || bytes.length - keyStart <= Long.BYTES) {
            return word(bytes, keyStart + 1, length);
        }
        return ByteWords.load(bytes, keyStart + 1) & ByteWords.lowBytes(length);
    }

    /** The {@link #keyWord} of this key, an ASCII text without escapes. */
    public static long keyWord(String key) {
        byte[] ascii = key.getBytes(StandardCharsets.US_ASCII);
        return word(ascii, 0, Math.min(ascii.length, Long.BYTES));
    }

    private static long word(byte[] bytes, int start, int length) {
        long word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << Byte.SIZE | (bytes[start + i] & 0xFF);
        }
        return word;
    }

    /**
     * The index just after the object. Valid once {@link #next} has returned false.
     */
    public int end() {
        return bytes[valueEnd] == '}' ? valueEnd + 1 : keyStart + 1;
    }

    public boolean isString() {
        return bytes[valueStart] == '"';
    }

    public String string() {
        return CanonicalStringReader.decode(bytes, valueStart, valueEnd);
    }

    public int valueStart() {
        return valueStart;
    }

    public int valueEnd() {
        return valueEnd;
    }

    /**
     * Returns the index just after the value at {@code start}. If {@code start} is at a closing bracket, a comma or a
     * colon, there is no value and {@code start} itself is returned.
     */
    public static int skipValue(byte[] bytes, int start) {
        int depth = 0;
        int p = start;
        while (p < bytes.length) {
            byte c = bytes[p];
            if (c == '"') {
                p = skipString(bytes, p);
                if (depth == 0) {
                    return p;
                }
                continue;
            }
            if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                if (depth == 0) {
                    return p;
                }
                if (--depth == 0) {
                    return p + 1;
                }
            } else if (depth == 0 && (c == ',' || c == ':')) {
                return p;
            }
            p++;
        }
        return p;
    }

    private static int skipString(byte[] bytes, int start) {
        int p = ByteWords.firstQuoteOrBackslash(bytes, start + 1);
        while (bytes[p] != '"') {
            p = ByteWords.firstQuoteOrBackslash(bytes, p + 2);
        }
        return p + 1;
    }
}
