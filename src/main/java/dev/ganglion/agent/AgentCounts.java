package dev.ganglion.agent;

/**
 * What an agent has done since it was made.
 *
 * @param emitted events taken by {@code emit}
 * @param dropped events refused since the buffer was full, or too large for any frame
 * @param sent events sent for the first time
 * @param acked events that the brain accepted
 * @param rejected events that the brain acked as rejected
 * @param resentBatches batches sent again after a reconnect
 * @param sessions hello_acks received
 */
public record AgentCounts(
        long emitted, long dropped, long sent, long acked, long rejected, long resentBatches, long sessions) {}
