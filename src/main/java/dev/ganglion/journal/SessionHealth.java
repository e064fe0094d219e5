package dev.ganglion.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The health of a worker process, as its last heartbeat reported it.
 *
 * @param bufferSize number of events that wait in the agent's buffer; null if the agent does not report it
 * @param droppedEvents number of events that the agent dropped since it started; null if the agent does not report it
 * @param lastFlushAt time when the agent last sent its buffer, as the agent wrote it; null if it does not report it
 * @param brokers connections of its engine adapters to their brokers, ordered by engine
 */
public record SessionHealth(
        @Nullable Long bufferSize,
        @Nullable Long droppedEvents,
        @Nullable String lastFlushAt,
        List<Broker> brokers) {

    /**
     * The connection of an engine adapter to its broker.
     *
     * @param engine name of the engine; null if the agent does not name it
     * @param connected whether the adapter reaches its broker; null if unknown
     * @param error why it does not; null if unknown
     */
    public record Broker(
            @Nullable String engine,
            @Nullable Boolean connected,
            @Nullable String error) {}

    /** Whether all brokers are reachable; null if no adapter reports it. */
    public @Nullable Boolean brokerConnected() {
        Boolean all = null;
        for (Broker broker : brokers) {
            if (broker.connected() != null) {
                all = (all == null || all) && broker.connected();
            }
        }
        return all;
    }

    /** The error of the first adapter that reports one; null if none does. */
    public @Nullable String brokerError() {
        for (Broker broker : brokers) {
            if (broker.error() != null) {
                return broker.error();
            }
        }
        return null;
    }
}
