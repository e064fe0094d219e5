package dev.ganglion.testing.wire;

/**
 * Signals that the connection ended, or stayed silent beyond the time-out, while a frame was expected. Tests treat it
 * like any other failure, except for an agent that reconnects.
 */
public final class LostConnection extends AssertionError {
    private static final long serialVersionUID = 1L;

    LostConnection(String message, Throwable cause) {
        super(message, cause);
    }

    LostConnection(String message) {
        super(message);
    }
}
