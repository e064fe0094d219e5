package dev.ganglion.testing.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tests that the log watchers record exactly the messages that are logged while they are active. */
class QuietLogTest {
    private static final Logger LOG = LoggerFactory.getLogger(QuietLogTest.class);

    @Test
    void failsOnAnErrorOrAWarningWithAStackTrace() {
        assertThatThrownBy(() -> during(() -> LOG.error("broken"))).hasMessageContaining("broken");
        assertThatThrownBy(() -> during(() -> LOG.warn("odd", new IllegalStateException("why"))))
                .hasMessageContaining("odd")
                .hasMessageContaining("why");
        assertThatCode(() -> during(() -> LOG.warn("without a stack trace"))).doesNotThrowAnyException();
    }

    @Test
    void recordsWarningsAndErrorsWhileOpen() {
        List<Level> levels = new ArrayList<>();
        LogListener tap = new LogListener("test", (LogEvent event) -> levels.add(event.getLevel()));
        LOG.warn("before");
        tap.open();
        LOG.info("less");
        LOG.warn("as much");
        LOG.error("more");
        tap.close();
        LOG.error("after");

        assertThat(levels).containsExactly(Level.WARN, Level.ERROR);
    }

    private static void during(Runnable test) {
        QuietLog quiet = new QuietLog();
        quiet.begin();
        test.run();
        quiet.end();
    }
}
