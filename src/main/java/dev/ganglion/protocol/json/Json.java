package dev.ganglion.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One JSON value in canonical bytes. Two instances are equal if their values are equal. */
public final class Json {
    /** {@code {}}. */
    public static final Json EMPTY_OBJECT = new Json(new byte[] {'{', '}'});

    /** {@code []}. */
    public static final Json EMPTY_ARRAY = new Json(new byte[] {'[', ']'});

    /** {@code null}. */
    public static final Json NULL = new Json(new byte[] {'n', 'u', 'l', 'l'});

    private static final int SHOWN = 80;

    private final byte[] utf8;

    private Json(byte[] utf8) {
        this.utf8 = utf8;
    }

    /**
     * Parses any JSON text and converts it to canonical form.
     *
     * @throws ProtocolException with {@code CloseCode#MALFORMED_FRAME} if the text is not JSON or has no canonical form
     */
    public static Json parse(byte[] utf8) {
        Tape tape = new Tape(utf8.length, Math.max(16, utf8.length / 8));
        tape.reset(utf8.length);
        System.arraycopy(utf8, 0, tape.bytes, 0, utf8.length);
        new Tokenizer(tape, 0).read();
        Emitter emitter = new Emitter(tape);
        emitter.reset(0);
        emitter.value(tape.root);
        return new Json(Arrays.copyOf(emitter.out, emitter.end));
    }

    /** Parses any JSON text and converts it to canonical form. */
    public static Json parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a JSON string with this text. */
    public static Json string(String text) {
        return new Json(new JsonWriter().string(text).bytes());
    }

    /** Wraps bytes that are already canonical, such as those from {@link #utf8}. The array is not copied. */
    public static Json ofCanonical(byte[] utf8) {
        return new Json(utf8);
    }

    /** The canonical bytes. The array is shared and must not be modified. */
    public byte[] utf8() {
        return utf8;
    }

    /** The number of canonical bytes. */
    public int size() {
        return utf8.length;
    }

    /** Whether this is an object. */
    public boolean isObject() {
        return utf8[0] == '{';
    }

    /** Whether this is an array. */
    public boolean isArray() {
        return utf8[0] == '[';
    }

    /** Whether this is {@code null}. */
    public boolean isNull() {
        return utf8[0] == 'n';
    }

    /** Returns the string under this ASCII key of an object; null if the key is absent or its value is no string. */
    public @Nullable String textOf(String key) {
        CanonicalObject members = new CanonicalObject(utf8, 0, utf8.length);
        while (members.next()) {
            if (members.keyIs(key)) {
                return members.isString() ? members.string() : null;
            }
        }
        return null;
    }

    /** The canonical text. */
    public String text() {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Json json && Arrays.equals(utf8, json.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    /** Returns the beginning of the text for logs. Values from agents may be long and may contain private data. */
    @Override
    public String toString() {
        if (utf8.length <= SHOWN) {
            return text();
        }
        return new String(utf8, 0, SHOWN, StandardCharsets.UTF_8) + "… (" + utf8.length + " bytes)";
    }
}
