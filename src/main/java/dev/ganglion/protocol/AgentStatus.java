package dev.ganglion.protocol;

/** An agent's report about itself, or the brain's word that another worker of the agent joined or left. */
public record AgentStatus(String id, Json payload) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.AGENT_STATUS;
    }
}
