package dev.ganglion;

import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Handler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures that no other part of the node handles, each kind at most once a minute. Each is a defect, so the line has
 * a stack trace. Thread-safe.
 */
final class UnhandledFailures implements Handler<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(UnhandledFailures.class);
    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_KINDS = 100;

    private final Ticker ticker;
    /** When each kind of failure was logged last. */
    private final Map<String, Long> loggedAt = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_KINDS;
        }
    };

    UnhandledFailures(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public void handle(Throwable failure) {
        if (isDue(kind(failure))) {
            LOG.error("A failure was not handled; please report it", failure);
        } else {
            LOG.debug("A failure was not handled", failure);
        }
    }

    private static String kind(Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        return failure.getClass().getName() + (stack.length == 0 ? "" : " at " + stack[0]);
    }

    private synchronized boolean isDue(String kind) {
        long now = ticker.nanos();
        Long before = loggedAt.get(kind);
        boolean due = before == null || now - before > INTERVAL_NANOS;
        if (due) {
            loggedAt.put(kind, now);
        }
        return due;
    }
}
