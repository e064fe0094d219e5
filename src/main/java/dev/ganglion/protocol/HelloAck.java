package dev.ganglion.protocol;

/** The brain's answer to a hello, unsigned, sent once the slot is claimed. */
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
}
