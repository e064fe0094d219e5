package dev.ganglion.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test in which anything was logged as an error, or any stack trace as a warning; also for a thread that was
 * blocked, if it is told to.
 */
public final class QuietLog implements BeforeEachCallback, AfterEachCallback {
    private static final List<String> WATCHERS = List.of("BlockedThreadChecker", "SlowOperationDetector");

    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final LogTap tap = new LogTap("quiet", this::hear);

    private boolean watched;

    /** Also when an event loop, or a thread of Hazelcast, was kept for long. */
    public QuietLog withThreadsWatched() {
        watched = true;
        return this;
    }

    private void hear(LogEvent event) {
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
            throw new AssertionError("the brain complained: " + complaints);
        }
    }
}
