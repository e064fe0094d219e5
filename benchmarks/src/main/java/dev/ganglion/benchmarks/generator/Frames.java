package dev.ganglion.benchmarks.generator;

import org.jspecify.annotations.Nullable;

/** Makes the event batches of one loop. */
interface Frames {
    /**
     * Returns the next batch of a connection. The batch is valid until the next call.
     *
     * @param connection number of the connection
     * @param frame number of the batch on this connection, from 0
     */
    Payload next(int connection, long frame);

    /** Id of the youngest task whose first event is in the last batch; null if there is none or ids do not matter. */
    default @Nullable String newestTask() {
        return null;
    }
}
