package dev.ganglion.protocol.json;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;

/** Writes canonical JSON piece by piece. The caller must write the keys of each object in canonical order. */
public final class JsonWriter {
    private static final int INITIAL_CAPACITY = 256;
    private static final int MAX_KEPT_CAPACITY = 256 << 10;

    private byte[] out = new byte[INITIAL_CAPACITY];
    private int end;
    private boolean comma;

    /** Discards the previous output. */
    @CanIgnoreReturnValue
    public JsonWriter reset() {
        if (out.length > MAX_KEPT_CAPACITY) {
            out = new byte[INITIAL_CAPACITY];
        }
        end = 0;
        comma = false;
        return this;
    }

    byte[] array() {
        return out;
    }

    public int size() {
        return end;
    }

    public byte[] bytes() {
        return Arrays.copyOf(out, end);
    }

    @CanIgnoreReturnValue
    public JsonWriter open(char bracket) {
        separate();
        put(bracket);
        comma = false;
        return this;
    }

    @CanIgnoreReturnValue
    public JsonWriter close(char bracket) {
        put(bracket);
        comma = true;
        return this;
    }

    @CanIgnoreReturnValue
    public JsonWriter key(String name) {
        string(name);
        put(':');
        comma = false;
        return this;
    }

    @CanIgnoreReturnValue
    public JsonWriter string(String text) {
        separate();
        reserve(text.length() * Escapes.LONGEST + 2);
        out[end++] = '"';
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F && c != '"' && c != '\\') {
                out[end++] = (byte) c;
                i++;
            } else {
                int codePoint = text.codePointAt(i);
                if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                    throw new IllegalArgumentException(
                            "the text contains a lone surrogate, which JSON in UTF-8 cannot represent");
                }
                end = Escapes.putCanonical(out, end, codePoint);
                i += Character.charCount(codePoint);
            }
        }
        out[end++] = '"';
        comma = true;
        return this;
    }

    @CanIgnoreReturnValue
    public JsonWriter number(long number) {
        return raw(Long.toString(number));
    }

    @CanIgnoreReturnValue
    public JsonWriter bool(boolean value) {
        return raw(value ? "true" : "false");
    }

    /** Writes ASCII text that is already canonical JSON. */
    @CanIgnoreReturnValue
    public JsonWriter raw(String ascii) {
        separate();
        reserve(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            out[end++] = (byte) ascii.charAt(i);
        }
        comma = true;
        return this;
    }

    @CanIgnoreReturnValue
    public JsonWriter json(Json value) {
        return slice(value.utf8(), 0, value.size());
    }

    @CanIgnoreReturnValue
    public JsonWriter slice(byte[] canonical, int start, int stop) {
        separate();
        reserve(stop - start);
        System.arraycopy(canonical, start, out, end, stop - start);
        end += stop - start;
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            put(',');
        }
    }

    private void put(char c) {
        reserve(1);
        out[end++] = (byte) c;
    }

    private void reserve(int more) {
        if (out.length < end + more) {
            out = Arrays.copyOf(out, Math.max(Math.addExact(end, more), 2 * out.length));
        }
    }
}
