package dev.ganglion.projection.failure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Identifies failures that have the same cause. Failures with equal parts have the same {@link #value}, in every release
 * of the brain: people link to failure groups, and rules name them.
 *
 * @param type type of the exception without its module; empty if unknown
 * @param message message of the exception, masked by {@link MaskedMessage}
 * @param frame deepest frame of the user's own code ({@link OwnFrame}); empty if unknown
 * @param taskName name of the task; empty if unknown
 */
public record Fingerprint(String type, String message, String frame, String taskName) {
    /** Longest part, in characters. */
    private static final int MAX_PART = 500;

    private static final String KEY_ERROR = "KeyError";
    private static final char SEPARATOR = 0;

    /**
     * The fingerprint of a failure. The work is linear in the length of the texts, which is bounded.
     *
     * @param taskName null if unknown
     * @param exception type and message, or a whole Python traceback; null if unknown
     * @param traceback null if unknown; then the exception may contain it
     */
    public static Fingerprint of(@Nullable String taskName, @Nullable String exception, @Nullable String traceback) {
        ExceptionText text = ExceptionText.of(exception);
        String type = text.simpleType();
        // The message of a KeyError is the key; some reports quote it and some do not.
        String message = type.equals(KEY_ERROR) && !text.message().isEmpty()
                ? MaskedMessage.TEXT
                : MaskedMessage.of(text.message());
        return new Fingerprint(
                cut(type), message, OwnFrame.of(traceback == null ? exception : traceback), cut(taskName));
    }

    private static String cut(@Nullable String text) {
        return text == null ? "" : text.substring(0, Math.min(text.length(), MAX_PART));
    }

    /** The number that identifies the failure; never 0. */
    public long value() {
        String parts = type + SEPARATOR + message + SEPARATOR + frame + SEPARATOR + taskName;
        long value =
                ByteBuffer.wrap(sha256(parts.getBytes(StandardCharsets.UTF_8))).getLong();
        return value == 0 ? 1 : value;
    }

    /** The number as 16 hexadecimal digits. */
    public String text() {
        return text(value());
    }

    /** A fingerprint's number as 16 hexadecimal digits. */
    public static String text(long value) {
        return HexFormat.of().toHexDigits(value);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }
}
