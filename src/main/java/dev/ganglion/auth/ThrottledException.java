package dev.ganglion.auth;

import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import java.time.Duration;

/** Too much of something: to be tried again later. */
public final class ThrottledException extends GanglionException {
    private static final long serialVersionUID = 1L;

    private final Duration wait;

    /** {@code wait} says how much later. */
    public ThrottledException(String message, Duration wait) {
        super(ErrorCode.RATE_LIMITED, message);
        this.wait = wait;
    }

    /** How long to wait, in whole seconds, at least one. */
    public long seconds() {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }
}
