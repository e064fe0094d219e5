package dev.ganglion.testing;

/**
 * The connection ended, or was silent for all of a test's patience, where a frame was to come. A failure like others, save
 * for an agent that connects again then.
 */
final class LostConnection extends AssertionError {
    private static final long serialVersionUID = 1L;

    LostConnection(String message, Throwable cause) {
        super(message, cause);
    }

    LostConnection(String message) {
        super(message);
    }
}
