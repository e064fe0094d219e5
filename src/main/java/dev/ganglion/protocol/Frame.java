package dev.ganglion.protocol;

/** One message of the agent protocol. */
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

    /** What kind of frame this is. */
    FrameType type();
}
