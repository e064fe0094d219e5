package dev.ganglion;

import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Handler;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures that no other part of the node handles, each kind at most once a minute. Bytes of a stranger on the port
 * of the event bus cause a line without a stack trace; everything else is a defect and has one. Thread-safe.
 */
final class UnhandledFailures implements Handler<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(UnhandledFailures.class);
    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_KINDS = 100;
    private static final String EVENT_BUS = "io.vertx.core.eventbus.impl.clustered.";
    private static final String EVENT_BUS_KIND = "event bus";

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
        boolean ofBus = Arrays.stream(failure.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(EVENT_BUS));
        if (!isDue(ofBus ? EVENT_BUS_KIND : kind(failure))) {
            LOG.debug("A failure was not handled", failure);
        } else if (ofBus) {
            LOG.warn(
                    "The event bus received bytes that are no message of a node: {}; let only nodes reach"
                            + " cluster.bus-port, or set cluster.tls.*",
                    failure.toString());
        } else {
            LOG.error("A failure was not handled; please report it", failure);
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
