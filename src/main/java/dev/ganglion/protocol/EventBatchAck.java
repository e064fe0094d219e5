package dev.ganglion.protocol;

/** Says that a batch is durable: {@code received = accepted + rejected}. */
public record EventBatchAck(String id, String ackedId, int received, int accepted, int rejected) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.EVENT_BATCH_ACK;
    }
}
