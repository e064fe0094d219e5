package dev.ganglion.protocol.frame;

/** Acknowledges that a batch is durable. The counts satisfy {@code received = accepted + rejected}. */
public record EventBatchAck(String id, String ackedId, int received, int accepted, int rejected) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.EVENT_BATCH_ACK;
    }

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.eventBatchAck(this, argument);
    }
}
