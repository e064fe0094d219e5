package dev.ganglion.protocol.frame;

/** The brain's reply to a hello. It is unsigned; the brain sends it after it has claimed the slot. */
public record HelloAck(
        String id,
        String brainVersion,
        String agentId,
        String projectId,
        String sessionId,
        int heartbeatIntervalSeconds,
        int maxFrameSizeBytes)
        implements Frame {
    @Override
    public FrameType type() {
        return FrameType.HELLO_ACK;
    }

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.helloAck(this, argument);
    }
}
