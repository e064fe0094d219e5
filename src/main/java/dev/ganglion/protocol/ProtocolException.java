package dev.ganglion.protocol;

import org.jspecify.annotations.Nullable;

/** A frame that ends its connection. It has no stack trace, since a peer can cause one per frame. */
public final class ProtocolException extends GanglionException {
    private static final long serialVersionUID = 1L;

    private final CloseCode closeCode;

    /** A frame that as a whole is not acceptable. */
    public ProtocolException(CloseCode closeCode, String message) {
        this(closeCode, message, null);
    }

    /** A frame that one field makes unacceptable. */
    public ProtocolException(CloseCode closeCode, String message, @Nullable String field) {
        super(closeCode.errorCode(), message, field, false);
        this.closeCode = closeCode;
    }

    /** How the connection ends. */
    public CloseCode closeCode() {
        return closeCode;
    }
}
