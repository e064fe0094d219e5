package dev.ganglion.agent.outbox;

/**
 * The counters of an agent since its creation.
 *
 * @param emitted events that {@code emit} accepted
 * @param dropped events that were dropped because the buffer was full or the event exceeded the frame limit
 * @param sent events that were sent for the first time
 * @param acked events that the brain accepted
 * @param rejected events that the brain acknowledged as rejected
 * @param resentBatches batches that were resent after a reconnect
 * @param sessions hello_acks that the agent received
 */
public record AgentCounts(
        long emitted, long dropped, long sent, long acked, long rejected, long resentBatches, long sessions) {}
