package dev.ganglion.dev.redis;

import java.io.Serial;

/** Signals that the bundled Redis cannot be started or stopped. The message gives the cause and the remedy. */
public final class RedisProcessException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public RedisProcessException(String message) {
        super(message);
    }

    RedisProcessException(String message, Throwable cause) {
        super(message, cause);
    }
}
