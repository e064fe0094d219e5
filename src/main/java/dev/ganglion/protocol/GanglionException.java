package dev.ganglion.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that this project throws on purpose.
 *
 * <p>The message is a sentence that names the field and the fix; it is shown to callers, so it never holds a secret.
 */
public class GanglionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode errorCode;
    private final @Nullable String field;

    /** A failure that no single field is to blame for. */
    public GanglionException(ErrorCode errorCode, String message) {
        this(errorCode, message, null, null);
    }

    /** A failure of one field of a frame, a body or the configuration. */
    public GanglionException(ErrorCode errorCode, String message, @Nullable String field) {
        this(errorCode, message, field, null);
    }

    /** A failure that another one caused. */
    public GanglionException(ErrorCode errorCode, String message, @Nullable String field, @Nullable Throwable cause) {
        super(message, cause);
        this.errorCode = errorCode;
        this.field = field;
    }

    /** For failures that are thrown per frame: without a stack trace they cost next to nothing. */
    GanglionException(ErrorCode errorCode, String message, @Nullable String field, boolean stackTrace) {
        super(message, null, stackTrace, stackTrace);
        this.errorCode = errorCode;
        this.field = field;
    }

    /** The stable code of this failure. */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** The field that is to blame, if it is one field. */
    public @Nullable String field() {
        return field;
    }
}
