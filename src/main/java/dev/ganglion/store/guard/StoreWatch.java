package dev.ganglion.store.guard;

import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every few seconds, over an open connection, that Redis is the same store and keeps its writes. Somebody may
 * empty Redis or change its settings without ending a connection.
 */
public final class StoreWatch {
    /** Time between two checks, in milliseconds. */
    static final long INTERVAL_MS = 2_000;

    private static final long NO_TIMER = -1;
    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    private final Vertx vertx;
    private final SharedLine line;
    private long timer = NO_TIMER;
    private boolean checking;

    public StoreWatch(Vertx vertx, SharedLine line) {
        this.vertx = vertx;
        this.line = line;
    }

    /** Starts to check. A check that is still under way is not repeated. */
    public void start() {
        timer = vertx.setPeriodic(INTERVAL_MS, tick -> {
            if (!checking) {
                checking = true;
                line.recheck()
                        .onFailure(failure -> LOG.debug("The check of the store failed", failure))
                        .onComplete(done -> checking = false);
            }
        });
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }
}
