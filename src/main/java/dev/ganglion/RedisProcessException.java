package dev.ganglion;

import java.io.Serial;

/** The Redis that the brain brings along cannot be started or stopped; the message says why and what to do. */
public final class RedisProcessException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    RedisProcessException(String message) {
        super(message);
    }

    RedisProcessException(String message, Throwable cause) {
        super(message, cause);
    }
}
