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
    /** The frame's own id, 1 to {@value dev.ganglion.protocol.error.ProtocolLimits#MAX_ID} characters. */
    String id();

    /** The type of this frame. */
    FrameType type();

    /** Passes this frame to the method of its type. */
    <A> void accept(Visitor<A> visitor, A argument);

    /**
     * Handles each type of frame in a method of its own.
     *
     * @param <A> the type of an argument that accompanies the frame
     */
    interface Visitor<A> {
        void hello(Hello frame, A argument);

        void helloAck(HelloAck frame, A argument);

        void eventBatch(EventBatch frame, A argument);

        void eventBatchAck(EventBatchAck frame, A argument);

        void heartbeat(Heartbeat frame, A argument);

        void command(Command frame, A argument);

        void commandAck(CommandAck frame, A argument);

        void commandResult(CommandResult frame, A argument);

        void registryDelta(RegistryDelta frame, A argument);

        void agentStatus(AgentStatus frame, A argument);

        void error(ErrorFrame frame, A argument);
    }
}
