package dev.ganglion.protocol.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that this project throws deliberately.
 *
 * <p>The message is a sentence that names the field and the remedy. Callers see the message, so it never contains a
 * secret.
 */
public class GanglionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode errorCode;
    private final @Nullable String field;

    /** Creates a failure without a single field as its cause. */
    public GanglionException(ErrorCode errorCode, String message) {
        this(errorCode, message, null, null);
    }

    /** Creates a failure of one field of a frame, a request body or the configuration. */
    public GanglionException(ErrorCode errorCode, String message, @Nullable String field) {
        this(errorCode, message, field, null);
    }

    /** Creates a failure that another exception caused. */
    public GanglionException(ErrorCode errorCode, String message, @Nullable String field, @Nullable Throwable cause) {
        super(message, cause);
        this.errorCode = errorCode;
        this.field = field;
    }

    /** Creates a failure that may be thrown for every frame. Without a stack trace, such an exception is cheap. */
    GanglionException(ErrorCode errorCode, String message, @Nullable String field, boolean stackTrace) {
        super(message, null, stackTrace, stackTrace);
        this.errorCode = errorCode;
        this.field = field;
    }

    /** The stable code of this failure. */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** The field that is wrong, or null if the cause is no single field. */
    public @Nullable String field() {
        return field;
    }
}
