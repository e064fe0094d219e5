package dev.ganglion.testing.log;

import java.util.function.Consumer;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Passes on what is logged at level WARN or above, from {@link #open} to {@link #close}. */
final class LogListener {
    private final AbstractAppender appender;

    LogListener(String name, Consumer<LogEvent> consumer) {
        appender = new AbstractAppender(name, null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                consumer.accept(event);
            }
        };
    }

    void open() {
        appender.start();
        root().addAppender(appender, Level.WARN, null);
    }

    void close() {
        root().removeAppender(appender.getName());
    }

    private static LoggerConfig root() {
        return ((LoggerContext) LogManager.getContext(false)).getConfiguration().getRootLogger();
    }
}
