package dev.ganglion.protocol.json;

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
        keyStart = valueEnd + 1;
        if (bytes[valueEnd] == '}' || bytes[keyStart] == '}') {
            return false;
        }
        keyEnd = skipValue(bytes, keyStart);
        valueStart = keyEnd + 1;
        valueEnd = skipValue(bytes, valueStart);
        return true;
    }

    public boolean keyIs(String key) {
        return CanonicalStringReader.is(bytes, keyStart, keyEnd, key);
    }

    /** The number of bytes of the key, without quotes. */
    public int keyLength() {
        return keyEnd - keyStart - 2;
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
