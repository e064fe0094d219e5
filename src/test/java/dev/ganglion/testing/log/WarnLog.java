package dev.ganglion.testing.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Collects what is logged at level WARN or above during a test. */
public final class WarnLog implements BeforeEachCallback, AfterEachCallback {
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<Throwable> stacks = new CopyOnWriteArrayList<>();
    private final LogListener tap = new LogListener("warn", event -> {
        texts.add(event.getLoggerName() + ": " + event.getMessage().getFormattedMessage());
        if (event.getThrown() != null) {
            stacks.add(event.getThrown());
        }
    });

    @Override
    public void beforeEach(ExtensionContext context) {
        texts.clear();
        stacks.clear();
        tap.open();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        tap.close();
    }

    /** Returns the collected messages, each after the name of its logger. */
    public List<String> texts() {
        return List.copyOf(texts);
    }

    /** Returns the failures whose stack traces were logged. */
    public List<Throwable> stacks() {
        return List.copyOf(stacks);
    }
}
