package dev.ganglion.lane;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import java.util.List;

/**
 * The store as one lane uses it. The lane has its own connection, on which messages take effect in the order in which
 * the lane passes them in.
 */
public interface FrameStore {

    /** Connects and reconnects as often as necessary. The future completes with the first connection. */
    Future<Void> start();

    /**
     * Applies messages in order, each of them atomically. If the store does not answer, the future fails for all
     * messages. Each message may or may not have taken effect then, and the lane may safely pass them in again, marked
     * as retried.
     */
    Future<List<Outcome>> apply(List<LaneCall> entries);

    /** Sets the handler that runs on the lane's context when the store becomes unreachable or reachable again. */
    void availabilityHandler(Handler<Boolean> handler);

    /** Whether the store is connected and answers. */
    boolean available();

    /** Closes the connection. */
    Future<Void> close();
}
