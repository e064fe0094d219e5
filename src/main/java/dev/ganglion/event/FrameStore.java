package dev.ganglion.event;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import java.util.List;

/** The store as one lane sees it: a line of its own, over which effects happen in the order they are handed in. */
public interface FrameStore {

    /** Connects and keeps connecting; completes with the first connection. */
    Future<Void> start();

    /**
     * Applies messages in order, each atomically. The future fails as a whole when the store does not answer: any of
     * them may or may not have happened then, and handing them in again, marked as retried, is safe.
     */
    Future<List<Outcome>> apply(List<LaneEntry> entries);

    /** Told on the lane's context whenever the store is lost or back. */
    void availabilityHandler(Handler<Boolean> handler);

    /** Whether there is a connection, and answers come over it. */
    boolean available();

    /** Ends the connection. */
    Future<Void> close();
}
