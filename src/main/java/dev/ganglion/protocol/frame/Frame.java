package dev.ganglion.protocol.frame;

/** A message of the agent protocol. */
public sealed interface Frame
        permits Hello,
                HelloAck,
                EventBatch,
                EventBatchAck,
                Heartbeat,
                Command,
                CommandAck,
                CommandResult,
                RegistryDelta,
                AgentStatus,
                ErrorFrame {
    /** The frame's own id, 1 to {@value ProtocolLimits#MAX_ID} characters. */
    String id();

    /** The type of this frame. */
    FrameType type();
}
