package dev.ganglion.testing;

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

/** What watches the log hears what it is to hear, and nothing when it is over. */
class QuietLogTest {
    private static final Logger LOG = LoggerFactory.getLogger(QuietLogTest.class);

    @Test
    void anErrorOrAWarningWithAStackTraceFailsTheTest() {
        assertThatThrownBy(() -> during(() -> LOG.error("broken"))).hasMessageContaining("broken");
        assertThatThrownBy(() -> during(() -> LOG.warn("odd", new IllegalStateException("why"))))
                .hasMessageContaining("odd")
                .hasMessageContaining("why");
        assertThatCode(() -> during(() -> LOG.warn("only said"))).doesNotThrowAnyException();
    }

    @Test
    void aTapHearsWarningsAndWorseWhileItIsOpen() {
        List<Level> heard = new ArrayList<>();
        LogTap tap = new LogTap("test", (LogEvent event) -> heard.add(event.getLevel()));
        LOG.warn("before");
        tap.open();
        LOG.info("less");
        LOG.warn("as much");
        LOG.error("more");
        tap.close();
        LOG.error("after");

        assertThat(heard).containsExactly(Level.WARN, Level.ERROR);
    }

    private static void during(Runnable test) {
        QuietLog quiet = new QuietLog();
        quiet.begin();
        test.run();
        quiet.end();
    }
}
