package dev.ganglion.testing.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test if anything was logged at level ERROR, or as a warning with a stack trace. On request, also fails a test
 * in which a thread was blocked.
 */
public final class QuietLog implements BeforeEachCallback, AfterEachCallback {
    private static final List<String> WATCHERS = List.of("BlockedThreadChecker", "SlowOperationDetector");

    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final LogListener tap = new LogListener("quiet", this::collect);

    private boolean watched;

    /** Also fails a test in which an event loop or a Hazelcast thread was blocked for long. */
    public QuietLog withThreadsWatched() {
        watched = true;
        return this;
    }

    private void collect(LogEvent event) {
        if (event.getLevel().isMoreSpecificThan(Level.ERROR)
                || event.getThrown() != null
                || (watched && WATCHERS.stream().anyMatch(event.getLoggerName()::endsWith))) {
            complaints.add(
                    event.getLoggerName() + ": " + event.getMessage().getFormattedMessage() + " " + event.getThrown());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        end();
    }

    void begin() {
        complaints.clear();
        tap.open();
    }

    void end() {
        tap.close();
        if (!complaints.isEmpty()) {
            throw new AssertionError("the brain logged errors or warnings with stack traces: " + complaints);
        }
    }
}
