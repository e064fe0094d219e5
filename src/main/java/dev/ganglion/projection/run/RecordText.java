package dev.ganglion.projection.run;

import org.jspecify.annotations.Nullable;

/**
 * A text that many tasks have, such as the name of a queue. Keeps its encoding, so that it is encoded only once. Not
 * thread-safe.
 */
final class RecordText {
    private final String text;
    private byte @Nullable [] encoded;

    RecordText(String text) {
        this.text = text;
    }

    /** The text that a record holds. */
    static @Nullable String string(@Nullable RecordText text) {
        return text == null ? null : text.text;
    }

    /** The bytes that {@link RecordWriter#text(String)} writes. Callers do not change them. */
    byte[] encoded() {
        byte[] known = encoded;
        if (known == null) {
            RecordWriter out = new RecordWriter();
            out.text(text);
            known = out.toBytes();
            encoded = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return text;
    }
}
