package dev.ganglion.protocol.error;

import org.jspecify.annotations.Nullable;

/**
 * Reports a frame that ends its connection. The exception has no stack trace, because a peer can cause one per frame.
 */
public final class ProtocolException extends GanglionException {
    private static final long serialVersionUID = 1L;

    private final CloseCode closeCode;

    /** Creates an exception for a frame that is unacceptable as a whole. */
    public ProtocolException(CloseCode closeCode, String message) {
        this(closeCode, message, null);
    }

    /** Creates an exception for a frame with one unacceptable field. */
    public ProtocolException(CloseCode closeCode, String message, @Nullable String field) {
        super(closeCode.errorCode(), message, field, false);
        this.closeCode = closeCode;
    }

    /** The close code that ends the connection. */
    public CloseCode closeCode() {
        return closeCode;
    }
}
