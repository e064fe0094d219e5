package dev.ganglion.projection.projector;

import dev.ganglion.telemetry.Ticker;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far a projection is that began far behind its streams: after an upgrade that rebuilds it, or after an
 * outage. Used on one context.
 */
final class CatchUp {
    /** Age of the oldest waiting event from which on a projection counts as far behind. */
    static final Duration FAR_BEHIND = Duration.ofMinutes(1);
    /** Age of the oldest waiting event at which a projection has caught up. */
    static final Duration CAUGHT_UP = Duration.ofSeconds(2);

    private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    private final String project;
    private final Ticker ticker;
    private boolean undecided;
    private boolean running;
    private long most;
    private long nextLog;

    CatchUp(String project, Ticker ticker) {
        this.project = project;
        this.ticker = ticker;
    }

    /** Begins to watch a projection whose lease was just acquired. */
    void begin() {
        undecided = true;
        running = false;
    }

    /**
     * Notes how far the projection is behind. Returns the share of the batches that are projected, from 0 to 1; 1 unless
     * the projection was far behind and has not caught up.
     */
    double measure(long waiting, long behindMs) {
        if (undecided) {
            undecided = false;
            running = behindMs > FAR_BEHIND.toMillis();
            most = waiting;
            nextLog = ticker.nanos();
        }
        if (!running) {
            return 1;
        }
        if (behindMs < CAUGHT_UP.toMillis()) {
            running = false;
            LOG.atInfo().addKeyValue("project", project).log("The projection has caught up with the stored events");
            return 1;
        }
        most = Math.max(most, waiting);
        double share = 1 - (double) waiting / Math.max(1, most);
        if (ticker.nanos() - nextLog >= 0) {
            nextLog = ticker.nanos() + LOG_INTERVAL.toNanos();
            LOG.atInfo()
                    .addKeyValue("project", project)
                    .addKeyValue("percent", (int) (share * 100))
                    .addKeyValue("waitingBatches", waiting)
                    .log("The projection is being derived from the stored events");
        }
        return share;
    }
}
