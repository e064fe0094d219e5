package dev.ganglion.auth.people;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import java.time.Duration;

/** Rejects a call that exceeds a rate limit. The caller may retry after a given time. */
public final class ThrottledException extends GanglionException {
    private static final long serialVersionUID = 1L;

    private final Duration wait;

    /**
     * Creates the rejection.
     *
     * @param wait time after which the caller may retry
     */
    public ThrottledException(String message, Duration wait) {
        super(ErrorCode.RATE_LIMITED, message);
        this.wait = wait;
    }

    /** Time to wait before a retry, in whole seconds, at least 1. */
    public long seconds() {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }
}
